import { activityQuestion, gatewayActivity, type Store } from '@tripkey/store';
import type * as z from 'zod';
import type { Activity, GatewayActivity, Tick } from './engine/activity.ts';
import { KeyState } from './engine/key-state.ts';
import { SeasonalRate } from './engine/seasonal-rate.ts';
import type { ArrivalsOfShard } from './shards/shard.ts';

/** A tick while its rows are collected. */
interface OpenTick {
  readonly activity: Activity[];
  readonly gateways: GatewayActivity[];
}

/**
 * Reads what arrived in [from, to) and cuts it into ticks. Both times are multiples of `tickMs`; ticks in which
 * nothing arrived are left out, but for those in which a window closes: that nothing comes has to be noticed, too.
 * Of keys, only those of a shard are read; of gateways always everything.
 */
export async function readTicks(
  store: Store,
  from: number,
  to: number,
  tickMs: number,
  ofShard: ArrivalsOfShard = {},
): Promise<Tick[]> {
  const span = { from, to, tick_ms: tickMs };
  const [rows, gatewayRows] = await Promise.all([
    store.ask(activityQuestion, { ...span, ...ofShard }),
    store.ask(gatewayActivity, span),
  ]);
  const ticks = new Map<number, OpenTick>();
  const tickOf = (number: number): OpenTick => {
    const known = ticks.get(number);
    if (known) return known;
    const tick: OpenTick = { activity: [], gateways: [] };
    ticks.set(number, tick);
    return tick;
  };
  let current: OpenTick | null = null;
  let number = -1;
  for (const row of rows) {
    if (row[0] !== number || !current) {
      number = row[0];
      current = tickOf(number);
    }
    current.activity.push(toActivity(row));
  }
  for (const row of gatewayRows) {
    tickOf(row.tick).gateways.push({
      gateway: row.gateway,
      events: row.events,
      sequenced: row.sequenced,
      sequenceFirst: row.sequence_first,
      sequenceLast: row.sequence_last,
    });
  }
  for (const at of closings(from, to)) tickOf(Math.floor((at - from) / tickMs));
  return [...ticks]
    .sort(([a], [b]) => a - b)
    .map(([i, tick]) => ({ from: from + i * tickMs, to: from + (i + 1) * tickMs, ...tick }));
}

/** The moments in [from, to) at which a window, and the grace for late events, is over. */
function* closings(from: number, to: number): Generator<number> {
  const { windowMs } = SeasonalRate;
  const grace = KeyState.latenessMs;
  for (let at = Math.ceil((from - grace) / windowMs) * windowMs + grace; at < to; at += windowMs) yield at;
}

function toActivity(row: z.infer<typeof activityQuestion.row>): Activity {
  return {
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
  };
}
