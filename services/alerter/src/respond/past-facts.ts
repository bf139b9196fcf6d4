import type { Finding } from '@tripkey/contract';
import { activeKeys, killSwitchTurns, type Store, usageByHourAndKey } from '@tripkey/store';

/** What the guards would have seen besides findings and keys. Times are epoch ms. */
export interface PastFacts {
  /** Keys in use on the last day of the past that is looked at. */
  readonly activeKeys: number;
  /** A key's share of all requests in the day before a time, to the hour. */
  trafficShare(keyId: string, atMs: number): number;
  /** Who had turned everything off at a time; null when nobody had. */
  killedBy(atMs: number): string | null;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Reads what the guards would have seen about the keys of findings. @param span epoch ms, the end not included */
export async function readPastFacts(
  store: Store,
  findings: readonly Finding[],
  { from, to }: { readonly from: number; readonly to: number },
  signal?: AbortSignal,
): Promise<PastFacts> {
  const key_ids = [...new Set(findings.flatMap(({ key_id }) => key_id ?? []))];
  const [active, usage, turns] = await Promise.all([
    store.ask(activeKeys, { since: to - dayMs }, signal),
    store.ask(usageByHourAndKey, { key_ids, from: from - dayMs, to }, signal),
    store.ask(killSwitchTurns, { to }, signal),
  ]);
  const ofAll = new Map<number, number>();
  const ofKeys = new Map<string, Map<number, number>>();
  for (const { hour, key, requests } of usage) {
    const at = hour * 1_000;
    ofAll.set(at, (ofAll.get(at) ?? 0) + requests);
    const ofKey = ofKeys.get(key) ?? new Map<number, number>();
    ofKeys.set(key, ofKey.set(at, requests));
  }
  const inDayBefore = (byHour: ReadonlyMap<number, number> | undefined, atMs: number) => {
    const last = Math.floor(atMs / hourMs) * hourMs;
    let sum = 0;
    for (let hour = 0; hour < 24; hour++) sum += byHour?.get(last - hour * hourMs) ?? 0;
    return sum;
  };
  return {
    activeKeys: active[0]?.keys ?? 0,
    trafficShare(keyId, atMs) {
      const all = inDayBefore(ofAll, atMs);
      return all === 0 ? 0 : inDayBefore(ofKeys.get(keyId), atMs) / all;
    },
    killedBy(atMs) {
      const last = turns.findLast(({ at }) => at <= atMs);
      return last?.is_on === 1 ? last.by : null;
    },
  };
}
