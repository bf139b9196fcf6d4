import { type Finding, type KeyRecord, lineageOf } from '@tripkey/contract';
import type { AdviceFacts, AdviceRule } from '@tripkey/rules';
import { adviceFinding } from './finding.ts';
import { isGranted } from './grant.ts';
import type { KeyState } from './key-state.ts';
import type { KeyStates } from './key-states.ts';
import type { Teller } from './teller.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Keys of which nothing was seen are judged, too: whoever holds the keys can tell them all. */
export interface KeysToAdvise {
  values?(): Iterable<KeyRecord>;
}

/**
 * The daily look at how keys are kept. Each key has an hour of its own, so that a day's work is spread; a key that is
 * looked at late is asked about the whole time since it was last looked at.
 */
export class Advice {
  readonly #rules: readonly { rule: AdviceRule; params: unknown }[];
  readonly #teller: Teller;
  /** When the keys of each hour of the day were looked at last, epoch ms; 0 never. */
  #lookedAt: number[] = Array.from({ length: 24 }, () => 0);
  #hour = 0;

  constructor(rules: readonly { rule: AdviceRule; params: unknown }[], teller: Teller) {
    this.#rules = rules;
    this.#teller = teller;
  }

  /** The keys that `take` will look at when its turn comes at a time. */
  *due(keys: KeysToAdvise, at: number): Generator<KeyRecord> {
    const hour = Math.floor(at / hourMs);
    if (this.#rules.length === 0 || hour <= this.#hour) return;
    const hours = this.#hour === 0 ? 1 : Math.min(24, hour - this.#hour);
    for (const key of keys.values?.() ?? []) {
      const slot = slotOf(key.key_id);
      if ((((hour - slot) % 24) + 24) % 24 < hours) yield key;
    }
  }

  /** Looks at the keys whose hour has come since the last tick. */
  take(keys: KeysToAdvise, states: Pick<KeyStates, 'get'>, watchedSince: number, at: number): Finding[] {
    const hour = Math.floor(at / hourMs);
    if (this.#rules.length === 0 || hour <= this.#hour) return [];
    const begun = this.#hour === 0 ? hour - 1 : Math.max(this.#hour, hour - 24);
    this.#hour = hour;
    const due = new Map<number, number>();
    for (let passed = begun + 1; passed <= hour; passed++) {
      const slot = passed % 24;
      due.set(slot, this.#lookedAt[slot] || at - dayMs);
      this.#lookedAt[slot] = at;
    }
    const findings: Finding[] = [];
    for (const key of keys.values?.() ?? []) {
      const since = due.get(slotOf(key.key_id));
      if (since !== undefined)
        this.#judge(key, states.get(lineageOf(key)), since, watchedSince, at, findings);
    }
    return findings;
  }

  #judge(
    key: KeyRecord,
    state: KeyState | undefined,
    windowFrom: number,
    watchedSince: number,
    at: number,
    findings: Finding[],
  ): void {
    const facts: AdviceFacts = {
      at,
      windowFrom,
      windowTo: at,
      keyId: key.key_id,
      lineageId: lineageOf(key),
      key,
      watchedSince,
      lastAcceptedAt: state?.habits.lastAcceptedAt || null,
      requests: state?.requests ?? 0,
      // Asked for by few rules of few keys.
      get scopes() {
        return scopesUsed(key, state);
      },
    };
    for (const { rule, params } of this.#rules) {
      const verdict = rule.evaluate(facts, params);
      if (verdict.kind === 'cannot-tell') this.#teller.noteCannotTell(rule.id, verdict.reason);
      if (verdict.kind === 'fire') findings.push(adviceFinding(rule, params, facts, verdict));
    }
  }

  toJSON(): AdviceJson {
    return { hour: this.#hour, lookedAt: this.#lookedAt };
  }

  restore({ hour, lookedAt }: AdviceJson): void {
    this.#hour = hour;
    this.#lookedAt = [...lookedAt];
  }
}

export interface AdviceJson {
  hour: number;
  lookedAt: number[];
}

/** When each scope of a key was used last, by an endpoint that it covers and that was let through. */
export function scopesUsed(key: KeyRecord, state: KeyState | undefined): AdviceFacts['scopes'] {
  const used = [...(state?.known.endpoint.values() ?? [])].filter(([, { accepted }]) => accepted > 0);
  return key.scopes.map((scope) => {
    const only = { ...key, scopes: [scope] };
    let usedAt: number | null = null;
    for (const [endpoint, { lastAt }] of used) {
      const space = endpoint.indexOf(' ');
      if (lastAt > (usedAt ?? 0) && isGranted(only, endpoint.slice(0, space), endpoint.slice(space + 1)))
        usedAt = lastAt;
    }
    return { scope, usedAt };
  });
}

/** The hour of the day at which a key is looked at. */
function slotOf(keyId: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < keyId.length; i++) hash = Math.imul(hash ^ keyId.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % 24;
}
