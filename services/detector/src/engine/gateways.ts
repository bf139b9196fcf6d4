import type { Finding } from '@tripkey/contract';
import type { GatewayFacts, GatewayRule, HeartbeatFacts } from '@tripkey/rules';
import type { GatewayActivity } from './activity.ts';
import { gatewayFinding } from './finding.ts';
import { type GatewayWords, lives, noWords, overdueMs } from './gateway-says.ts';
import { GatewayState, type GatewayStateJson } from './gateway-state.ts';
import { SeasonalRate } from './seasonal-rate.ts';
import type { FiredRules, Teller } from './teller.ts';

const dayMs = 86_400_000;
/** After a gap of arrivals this long the windows in between are skipped. */
const windowsMax = 96;

/** The gateways that deliver events, and the rules that judge whether they still do. */
export class Gateways {
  readonly #rules: readonly { rule: GatewayRule; params: unknown }[];
  readonly #teller: Teller;
  readonly #words: GatewayWords;
  readonly #states = new Map<string, GatewayState>();
  readonly #fired: FiredRules = new Map();
  /** Start of the window that is open; 0 before the first tick. */
  #window = 0;
  /** Deliveries of gateways that are not watched because there are too many. */
  refused = 0;

  /** Gateways that are told apart; who sends more names than that sends something else. */
  static readonly gatewaysMax = 2_000;
  /** A gateway that is silent for longer was taken out of service; its place is for a new one when places run out. */
  static readonly blindMsMax = 3 * dayMs;

  constructor(
    rules: readonly { rule: GatewayRule; params: unknown }[],
    teller: Teller,
    words: GatewayWords = noWords,
  ) {
    this.#rules = rules;
    this.#teller = teller;
    this.#words = words;
  }

  /** Takes in what the gateways delivered in [from, at), after judging the windows that closed before. */
  take(activity: readonly GatewayActivity[], from: number, at: number): Finding[] {
    const findings: Finding[] = [];
    const open = Math.floor(from / SeasonalRate.windowMs) * SeasonalRate.windowMs;
    if (this.#window === 0) this.#window = open;
    this.#window = Math.max(this.#window, open - windowsMax * SeasonalRate.windowMs);
    while (this.#window < open) {
      for (const state of this.#states.values()) state.closeWindow(this.#window);
      this.#window += SeasonalRate.windowMs;
      if (this.#window === open) for (const name of this.#states.keys()) this.#judge(name, at, findings);
    }
    if (this.#states.size >= Gateways.gatewaysMax) this.#forgetRetired(at);
    for (const row of activity) {
      const state = this.#stateOf(row.gateway, at);
      if (state) state.take(row, at);
      else this.refused++;
    }
    this.#listen(at);
    return findings;
  }

  /** How many gateways are blind: their silence was told of and goes on. */
  blind(at: number): number {
    let blind = 0;
    for (const state of this.#states.values()) {
      if (state.isBlind(at) && at - state.lastHeardAt <= Gateways.blindMsMax) blind++;
    }
    return blind;
  }

  /** Hears what gateways say; also of one from which no event ever came. */
  #listen(at: number): void {
    for (const says of this.#words.all()) {
      if (!lives(says, at)) continue;
      const state = this.#stateOf(says.gateway, at);
      if (state) state.hear(says);
      else this.refused++;
    }
  }

  #isAnyHeard(at: number): boolean {
    for (const says of this.#words.all()) if (lives(says, at)) return true;
    return false;
  }

  #forgetRetired(at: number): void {
    for (const [name, { lastHeardAt }] of this.#states)
      if (at - lastHeardAt > Gateways.blindMsMax) this.#states.delete(name);
  }

  #stateOf(gateway: string, at: number): GatewayState | undefined {
    const known = this.#states.get(gateway);
    if (known || this.#states.size >= Gateways.gatewaysMax) return known;
    const state = new GatewayState(at);
    this.#states.set(gateway, state);
    return state;
  }

  #judge(gateway: string, at: number, findings: Finding[]): void {
    const state = this.#states.get(gateway)!;
    const facts = this.#facts(gateway, state, at);
    for (const { rule, params } of this.#rules) {
      const verdict = rule.evaluate(facts, params);
      // One that was told of and turns out to be idle is blind no more.
      if (verdict.kind === 'quiet') state.toldSilentAt = 0;
      const id = `${rule.id} ${gateway}`;
      if (!this.#teller.isWorthTelling(verdict, rule.id, id, at, this.#fired)) continue;
      findings.push(gatewayFinding(rule, params, facts, verdict));
      if (facts.silentMs >= SeasonalRate.windowMs) state.toldSilentAt = at;
      else state.tellMissing();
    }
    this.#teller.forgetOld(this.#fired, at);
  }

  #facts(gateway: string, state: GatewayState, at: number): GatewayFacts {
    let othersHeard = false;
    for (const other of this.#states.values()) {
      if (other !== state && other.lastHeardAt > state.lastHeardAt) othersHeard = true;
    }
    return {
      at,
      windowFrom: this.#window - SeasonalRate.windowMs,
      windowTo: this.#window,
      gateway,
      watchedSince: state.watchedSince,
      lastHeardAt: state.lastHeardAt,
      silentMs: at - state.lastHeardAt,
      pauseMsLongest: state.pauseMsLongest,
      expectedSince: state.silence.expected,
      surpriseOfSilence: state.silence.surprise,
      othersHeard,
      sequence: state.missing,
      heartbeat: this.#heartbeat(gateway, state, at),
    };
  }

  #heartbeat(gateway: string, state: GatewayState, at: number): HeartbeatFacts | null {
    const says = this.#words.of(gateway);
    if (!says) return null;
    const emittedSince = state.emittedInSilence(says);
    if (lives(says, at)) return { overdueMs: 0, emittedSince };
    const overdue = overdueMs(says, at);
    // When nobody is heard of, it may be us who hear nothing.
    return overdue > 0 && this.#isAnyHeard(at) ? { overdueMs: overdue, emittedSince } : null;
  }

  toJSON(): GatewaysJson {
    return {
      window: this.#window,
      states: [...this.#states].map(([name, state]) => [name, state.toJSON()]),
      fired: [...this.#fired],
    };
  }

  restore(json: GatewaysJson): void {
    this.#window = json.window;
    for (const [name, state] of json.states) this.#states.set(name, GatewayState.fromJSON(state));
    for (const [id, fired] of json.fired) this.#fired.set(id, fired);
  }
}

export interface GatewaysJson {
  window: number;
  states: [string, GatewayStateJson][];
  fired: [string, { at: number; score: number }][];
}
