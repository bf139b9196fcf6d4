import type { Finding } from '@tripkey/contract';
import type { SourceRule } from '@tripkey/rules';
import type { Activity } from './activity.ts';
import { sourceFinding } from './finding.ts';
import type { KeyState } from './key-state.ts';
import { SourceWatch, type SourceWatchJson } from './source-watch.ts';
import type { FiredRules, Teller } from './teller.ts';

const dayMs = 86_400_000;

/** Client addresses that use keys to which they are news, and the rules that judge them. */
export class Sources {
  readonly #rules: readonly { rule: SourceRule; params: unknown }[];
  readonly #teller: Teller;
  #watch = new SourceWatch();
  /** Addresses that try many keys, and until when they are taken for that. */
  readonly #flagged = new Map<string, number>();
  readonly #fired: FiredRules = new Map();

  /** An address that tried many keys is taken for that so long after it last did. */
  static readonly flagMs = dayMs;
  /**
   * An address of which less is refused is one that many keys share (a proxy, an office, a platform that moved): its
   * traffic has to be learnt, or its keys would stay unknown there, and unwatched, for ever.
   */
  static readonly refusedShareMin = 0.25;

  constructor(rules: readonly { rule: SourceRule; params: unknown }[], teller: Teller) {
    this.#rules = rules;
    this.#teller = teller;
  }

  /**
   * Whether a row says something of its address and nothing of its key: one address that tries many keys is one
   * incident, told of as such. What is accepted says something of the key, whatever else its address does.
   */
  inhibits(row: Activity, state: KeyState, at: number): boolean {
    if (row.traffic.accepted > 0) return false;
    return this.#flagged.has(row.ip) && !state.known.network.isKnown(row.network, at);
  }

  /** Notes what an address did with a key, or with an id that nobody made. */
  take(row: Activity, at: number, madeUp = false): void {
    this.#watch.take(row, at, madeUp);
  }

  /** Judges the addresses of a tick. */
  judge(ips: ReadonlySet<string>, at: number): Finding[] {
    const findings: Finding[] = [];
    for (const ip of ips) {
      const facts = this.#watch.facts(ip, at);
      if (!facts) continue;
      for (const { rule, params } of this.#rules) {
        const verdict = rule.evaluate(facts, params);
        const tries = facts.denied >= Sources.refusedShareMin * facts.requests;
        if (verdict.kind === 'fire' && tries) this.#flagged.set(ip, at + Sources.flagMs);
        if (!this.#teller.isWorthTelling(verdict, rule.id, `${rule.id} ${ip}`, at, this.#fired)) continue;
        findings.push(sourceFinding(rule, params, facts, verdict));
      }
    }
    this.#watch.forgetOld(at);
    for (const [ip, until] of this.#flagged) if (until <= at) this.#flagged.delete(ip);
    this.#teller.forgetOld(this.#fired, at);
    return findings;
  }

  /** What was let go because there was too much of it. */
  get overflow(): { addresses: number; 'keys-of-address': number } {
    return { addresses: this.#watch.addressesDropped, 'keys-of-address': this.#watch.keysDropped };
  }

  toJSON(): SourcesJson {
    return { watch: this.#watch.toJSON(), flagged: [...this.#flagged], fired: [...this.#fired] };
  }

  restore(json: SourcesJson): void {
    this.#watch = SourceWatch.fromJSON(json.watch);
    for (const [ip, until] of json.flagged) this.#flagged.set(ip, until);
    for (const [id, fired] of json.fired) this.#fired.set(id, fired);
  }
}

export interface SourcesJson {
  watch: SourceWatchJson;
  flagged: [string, number][];
  fired: [string, { at: number; score: number }][];
}
