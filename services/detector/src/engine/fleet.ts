import type { Finding } from '@tripkey/contract';
import type { FleetFacts, FleetRule } from '@tripkey/rules';
import { fleetFinding } from './finding.ts';
import { SeasonalRate } from './seasonal-rate.ts';
import type { FiredRules, Teller } from './teller.ts';

/** A window of all keys together, as it closed. */
export interface FleetWindow {
  readonly from: number;
  readonly requests: number;
  readonly expected: number;
}

/** What all keys do together, and the rules that judge it. */
export class Fleet {
  readonly #rules: readonly { rule: FleetRule; params: unknown }[];
  readonly #teller: Teller;
  readonly #fired: FiredRules = new Map();
  #windows = 0;
  #highest = 1;
  #lowest = 1;

  static readonly #keep = 1 - 1 / 4_000;
  /** Below this many requests to expect, a ratio says nothing. */
  static readonly #expectedMin = 50;

  constructor(rules: readonly { rule: FleetRule; params: unknown }[], teller: Teller) {
    this.#rules = rules;
    this.#teller = teller;
  }

  /** Judges a window that closed, then learns it. */
  take(
    { from, requests, expected }: FleetWindow,
    keys: number,
    gatewaysBlind: number,
    at: number,
  ): Finding[] {
    const findings: Finding[] = [];
    const facts: FleetFacts = {
      at,
      windowFrom: from,
      windowTo: from + SeasonalRate.windowMs,
      requests,
      expected,
      keys,
      windows: this.#windows,
      ratioHighest: this.#highest,
      ratioLowest: this.#lowest,
      gatewaysBlind,
    };
    for (const { rule, params } of this.#rules) {
      const verdict = rule.evaluate(facts, params);
      if (!this.#teller.isWorthTelling(verdict, rule.id, rule.id, at, this.#fired)) continue;
      findings.push(fleetFinding(rule, params, facts, verdict));
    }
    this.#learn(requests, expected);
    return findings;
  }

  #learn(requests: number, expected: number): void {
    if (expected < Fleet.#expectedMin) return;
    const keep = Fleet.#keep;
    const ratio = Math.min(4, Math.max(0.25, requests / expected));
    this.#windows = this.#windows * keep + 1;
    this.#highest = Math.max(ratio, 1 + (this.#highest - 1) * keep);
    this.#lowest = Math.min(ratio, 1 - (1 - this.#lowest) * keep);
  }

  toJSON(): FleetWindowsJson {
    return { windows: this.#windows, highest: this.#highest, lowest: this.#lowest, fired: [...this.#fired] };
  }

  restore(json: FleetWindowsJson): void {
    [this.#windows, this.#highest, this.#lowest] = [json.windows, json.highest, json.lowest];
    for (const [id, fired] of json.fired) this.#fired.set(id, fired);
  }
}

export interface FleetWindowsJson {
  windows: number;
  highest: number;
  lowest: number;
  fired: [string, { at: number; score: number }][];
}
