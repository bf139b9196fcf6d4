import { activityQuestion, type Store } from '@tripkey/store';
import type { Tick } from './engine/activity.ts';

/**
 * Reads what arrived in [from, to) and cuts it into ticks. Both times are multiples of `tickMs`; ticks in which
 * nothing arrived are left out.
 */
export async function readTicks(store: Store, from: number, to: number, tickMs: number): Promise<Tick[]> {
  const rows = await store.ask(activityQuestion, { from, to, tick_ms: tickMs });
  const ticks: (Tick & { activity: Tick['activity'][number][] })[] = [];
  let current = -1;
  for (const row of rows) {
    if (row[0] !== current) {
      current = row[0];
      ticks.push({ from: from + current * tickMs, to: from + (current + 1) * tickMs, activity: [] });
    }
    ticks.at(-1)!.activity.push({
      minute: row[1] * 1000,
      keyId: row[2],
      accountId: row[3],
      appId: row[4],
      method: row[5],
      route: row[6],
      ip: row[7] === '::' ? '' : row[7],
      network: row[8],
      asn: row[9],
      country: row[10],
      agent: row[11],
      traffic: {
        requests: row[12],
        accepted: row[13],
        denied: row[14],
        notFound: row[15],
        rateLimited: row[16],
        serverErrors: row[17],
        bytesOut: row[18],
        objects: row[19],
      },
    });
  }
  return ticks;
}
