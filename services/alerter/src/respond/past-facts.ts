import { activeKeys, killSwitchTurns, type Store, usageByHourAndKey } from '@tripkey/store';
import type { ResponsePolicy } from './policy.ts';

/** What the guards would have seen besides findings and keys. Times are epoch ms. */
export interface PastFacts {
  /** Keys in use on the last day of the past that is looked at. */
  readonly activeKeys: number;
  /** A key's share of all requests in the day before a time, to the hour; 0 when it is under what the policy asks for. */
  trafficShare(keyId: string, atMs: number): number;
  /** Who had turned everything off at a time; null when nobody had. */
  killedBy(atMs: number): string | null;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Reads what the guards of a policy would have seen. @param span epoch ms, the end not included */
export async function readPastFacts(
  store: Store,
  policy: Pick<ResponsePolicy, 'protectedTrafficShare'>,
  { from, to }: { readonly from: number; readonly to: number },
  signal?: AbortSignal,
): Promise<PastFacts> {
  const share_min = policy.protectedTrafficShare;
  const [active, usage, turns] = await Promise.all([
    store.ask(activeKeys, { since: to - dayMs }, signal),
    share_min === undefined
      ? []
      : store.ask(usageByHourAndKey, { share_min, from: from - dayMs, to }, signal),
    store.ask(killSwitchTurns, { to }, signal),
  ]);
  const ofAll = new Map<number, number>();
  const ofKeys = new Map<string, Map<number, number>>();
  for (const { hour_at, key, requests } of usage) {
    const at = hour_at * 1_000;
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
