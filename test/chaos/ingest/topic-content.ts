import type { Broker, StreamRecord } from '@tripkey/stream';
import { markOf, marksCount } from './load.ts';

/** What one key did in one minute. */
export interface MinuteUse {
  requests: number;
  bytes_out: number;
}

/** What a topic holds: the truth that everything stored is measured against. */
export interface TopicContent {
  /** `partition/offset/index` of every event. */
  readonly places: ReadonlySet<string>;
  /** Use by `key_id minute`, minutes in epoch seconds; an event that was sent again counts once. */
  readonly use: ReadonlyMap<string, MinuteUse>;
  /** The offset after the last, per partition. */
  readonly ends: ReadonlyMap<number, bigint>;
}

interface SentEvent {
  readonly key_id: string;
  readonly event_id: string;
  readonly ts: number;
  readonly bytes_out: number;
}

/** Reads a whole topic, up to the marks with which the load ends. */
export async function readTopic(broker: Broker, topic: string, signal: AbortSignal): Promise<TopicContent> {
  const places = new Set<string>();
  const use = new Map<string, MinuteUse>();
  const ends = new Map<number, bigint>();
  const seen = new Set<string>();
  const marks = new Set<string>();
  const done = new AbortController();

  function take(partition: number, record: StreamRecord): void {
    ends.set(partition, record.offset + 1n);
    for (const [idx, event] of readEvents(record).entries()) {
      places.add(`${partition}/${record.offset}/${idx}`);
      const mark = markOf(event);
      if (mark) marks.add(mark);
      const identity = `${event.key_id} ${event.ts} ${event.event_id}`;
      if (seen.has(identity)) continue;
      seen.add(identity);
      const id = `${event.key_id} ${Math.floor(event.ts / 60_000) * 60}`;
      const minute = use.get(id) ?? { requests: 0, bytes_out: 0 };
      use.set(id, { requests: minute.requests + 1, bytes_out: minute.bytes_out + event.bytes_out });
    }
    if (marks.size === marksCount) done.abort();
  }

  await broker.source(topic, `${topic}-content-${Date.now()}`).run(
    {
      assigned: async () => {},
      records: async (_, partition, records) => {
        for (const record of records) take(partition, record);
      },
    },
    AbortSignal.any([done.signal, signal]),
  );
  return { places, use, ends };
}

function readEvents({ value }: StreamRecord): SentEvent[] {
  try {
    const read = JSON.parse(Buffer.from(value ?? []).toString()) as SentEvent | SentEvent[];
    return Array.isArray(read) ? read : [read];
  } catch {
    return []; // the broken messages of the load
  }
}
