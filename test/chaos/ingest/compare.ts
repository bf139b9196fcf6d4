import { defineQuestion, endpointUseFrontier, type Store } from '@tripkey/store';
import * as z from 'zod';
import type { TopicContent } from './topic-content.ts';

/** How what is stored differs from what was sent. */
export interface Comparison {
  readonly lost: number;
  readonly double: number;
  /** Minutes of keys that the rollup counts otherwise. */
  readonly rollupMismatches: number;
  /** Endpoints of keys whose first and last uses are others than those in raw. */
  readonly useMismatches: number;
}

const storedPlaces = defineQuestion({
  name: 'chaos-stored-places',
  sql: `
    SELECT concat(toString(_partition), '/', toString(_offset), '/', toString(_idx)) AS place, count() AS rows
    FROM requests_raw_v1 WHERE _topic = {topic:String} GROUP BY place`,
  params: z.object({ topic: z.string() }),
  row: z.tuple([z.string(), z.number()]),
  format: 'compact',
  check: 'first',
});

const storedUse = defineQuestion({
  name: 'chaos-stored-use',
  sql: `SELECT concat(key_id, ' ', toString(toUnixTimestamp(minute))) AS id, requests, bytes_out FROM usage
    WHERE minute >= fromUnixTimestamp({from_s:UInt32})`,
  params: z.object({ from_s: z.int() }),
  row: z.tuple([z.string(), z.number(), z.number()]),
  format: 'compact',
  check: 'first',
});

const uses = (table: string, of: string) =>
  `SELECT key_id, method, route, ${of} FROM ${table} GROUP BY key_id, method, route`;
const usesInRaw = uses(
  'requests_raw_v1',
  `minOrNullIf(ts, outcome = 'valid'), maxOrNullIf(ts, outcome = 'valid'), minOrNullIf(ts, outcome != 'valid'),
  maxOrNullIf(ts, outcome != 'valid')`,
);
const usesFolded = uses(
  'endpoint_use_v1',
  'min(first_accepted_at), max(last_accepted_at), min(first_refused_at), max(last_refused_at)',
);

const differentUses = defineQuestion({
  name: 'chaos-different-uses',
  sql: `
    SELECT
        (SELECT count() FROM (${usesInRaw} EXCEPT ${usesFolded}))
        + (SELECT count() FROM (${usesFolded} EXCEPT ${usesInRaw})) AS uses`,
  params: z.object({}),
  row: z.object({ uses: z.number() }),
});

const lastArrival = defineQuestion({
  name: 'chaos-last-arrival',
  sql: 'SELECT toUnixTimestamp64Milli(max(arrived_at)) AS at FROM requests_raw_v1',
  params: z.object({}),
  row: z.object({ at: z.number() }),
});

const storedBelow = defineQuestion({
  name: 'chaos-stored-below',
  sql: `
    SELECT partition, argMax(offset, at) AS below FROM ingest_progress_v1
    WHERE topic = {topic:String} GROUP BY partition`,
  params: z.object({ topic: z.string() }),
  row: z.object({ partition: z.number(), below: z.number() }),
});

/**
 * Compares raw, row by row, and the rollup, minute by minute, with the content of the topic.
 * @param fromMs minutes before it are not looked at, epoch ms: what came by another way may be there
 */
export async function compareWithTopic(
  store: Store,
  topic: string,
  content: TopicContent,
  fromMs = 0,
): Promise<Comparison> {
  let there = 0;
  let double = 0;
  for (const [place, rows] of await store.ask(storedPlaces, { topic })) {
    if (content.places.has(place)) there++;
    else double++;
    double += rows - 1;
  }
  const unseen = new Map(content.use);
  let rollupMismatches = 0;
  for (const [id, requests, bytesOut] of await store.ask(storedUse, {
    from_s: Math.floor(fromMs / 60_000) * 60,
  })) {
    const expected = unseen.get(id);
    unseen.delete(id);
    const equal = expected
      ? expected.requests === requests && expected.bytes_out === bytesOut
      : requests === 0;
    if (!equal) rollupMismatches++;
  }
  const [different] = await store.ask(differentUses, {});
  return {
    lost: content.places.size - there,
    double,
    rollupMismatches: rollupMismatches + unseen.size,
    useMismatches: different!.uses,
  };
}

/** Whether ingest says that it has stored everything up to the ends of the topic. */
export async function isCaughtUp(store: Store, topic: string, content: TopicContent): Promise<boolean> {
  const below = new Map(
    (await store.ask(storedBelow, { topic })).map((row) => [row.partition, BigInt(row.below)]),
  );
  return [...content.ends].every(([partition, end]) => (below.get(partition) ?? 0n) >= end);
}

/** Whether first and last uses are told of everything that is stored: that is done now and then. */
export async function areUsesTold(store: Store): Promise<boolean> {
  const [last] = await store.ask(lastArrival, {});
  const [folded] = await store.ask(endpointUseFrontier, {});
  return folded!.folded_until > last!.at;
}
