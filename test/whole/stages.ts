import { Finding, topics } from '@tripkey/contract';
import { defineQuestion, type Store } from '@tripkey/store';
import type { Broker } from '@tripkey/stream';
import * as z from 'zod';

/** Where the time between a request and its message goes; each ends where the next begins. */
export const stageNames = ['arrival', 'tick', 'judging', 'alerter', 'survey', 'slack'] as const;
export type StageName = (typeof stageNames)[number];

const arrivals = defineQuestion({
  name: 'whole-arrivals',
  sql: `
    SELECT key_id, toUnixTimestamp64Milli(min(arrived_at)) AS at FROM requests_raw_v1
    WHERE key_id IN {keys:Array(String)} AND _topic = {topic:String} GROUP BY key_id`,
  params: z.object({ keys: z.array(z.string()), topic: z.string() }),
  row: z.object({ key_id: z.string(), at: z.number() }),
});

/** When the tick ended in which the first finding was made, and what the incident log says about each moment. */
const moments = defineQuestion({
  name: 'whole-moments',
  sql: `
    SELECT subject_id AS key_id, kind AS what, toUnixTimestamp64Milli(min(incident_events_v1.at)) AS at
    FROM incident_events_v1
    WHERE subject_id IN {keys:Array(String)} AND kind IN ('opened', 'message_sending', 'message_sent')
    GROUP BY key_id, what
    UNION ALL
    SELECT subject_id AS key_id, 'detected' AS what, toUnixTimestamp64Milli(min(detected_at)) AS at
    FROM findings_v1 WHERE subject_id IN {keys:Array(String)} GROUP BY key_id`,
  params: z.object({ keys: z.array(z.string()) }),
  row: z.object({ key_id: z.string(), what: z.string(), at: z.number() }),
});

/** When a digest first told of a key's incident: the message of the digest, or the change of it that follows. */
const digestTold = defineQuestion({
  name: 'whole-digest-told',
  sql: `
    SELECT incident.subject_id AS key_id, toUnixTimestamp64Milli(min(message.at)) AS at
    FROM (SELECT subject_id, at, JSONExtractString(data, 'host') AS host FROM incident_events_v1 WHERE kind = 'digested') AS incident
    INNER JOIN (SELECT incident_id, at, JSONExtractString(data, 'delivery_id') AS delivery_id FROM incident_events_v1
        WHERE kind IN ('message_sent', 'message_updated')) AS message ON message.incident_id = incident.host
    WHERE incident.subject_id IN {keys:Array(String)} AND message.delivery_id = concat(incident.host, ':digest') AND message.at > incident.at
    GROUP BY key_id`,
  params: z.object({ keys: z.array(z.string()) }),
  row: z.object({ key_id: z.string(), at: z.number() }),
});

/** When digests told of keys, epoch ms: many incidents within a minute are told together. */
export async function readDigests(
  store: Store,
  keys: Iterable<string>,
): Promise<ReadonlyMap<string, number>> {
  return new Map((await store.ask(digestTold, { keys: [...keys] })).map(({ key_id, at }) => [key_id, at]));
}

/** Notes when findings came onto their topic, until the signal aborts. */
export async function watchFindings(broker: Broker, signal: AbortSignal): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  await broker.source(topics.findings, 'whole-findings').run(
    {
      assigned: async () => {},
      records: async (lease, partition, records) => {
        for (const { value, timestamp } of records) {
          const { key_id } = Finding.parse(JSON.parse(Buffer.from(value ?? []).toString()));
          if (key_id !== null && !seen.has(key_id)) seen.set(key_id, timestamp);
        }
        await lease.commit(partition, records.at(-1)!.offset + 1n);
      },
    },
    signal,
  );
  return seen;
}

/** How long each stage took for each key, ms, by the clocks and the records of the parts themselves. */
export async function readStages(
  store: Store,
  begun: ReadonlyMap<string, number>,
  published: ReadonlyMap<string, number>,
): Promise<Record<StageName, number[]>> {
  const keys = [...begun.keys()];
  const arrivedAt = new Map(
    (await store.ask(arrivals, { keys, topic: topics.requests })).map(({ key_id, at }) => [key_id, at]),
  );
  const noted = new Map(
    (await store.ask(moments, { keys })).map(({ key_id, what, at }) => [`${key_id} ${what}`, at]),
  );
  const took: Record<StageName, number[]> = {
    ...{ arrival: [], tick: [], judging: [], alerter: [], survey: [], slack: [] },
  };
  for (const [key, startedAt] of begun) {
    const times = [
      startedAt,
      arrivedAt.get(key),
      noted.get(`${key} detected`),
      published.get(key),
      ...['opened', 'message_sending', 'message_sent'].map((what) => noted.get(`${key} ${what}`)),
    ];
    for (const [index, name] of stageNames.entries()) {
      const [from, to] = [times[index], times[index + 1]];
      if (from !== undefined && to !== undefined) took[name].push(to - from);
    }
  }
  return took;
}
