import { topics } from '@tripkey/contract';
import type { OutRecord, Sink } from '@tripkey/stream';
import { formatHeader } from './formats/read-format.ts';
import { httpHeartbeatTopic } from './http.ts';

/** A dead letter as it is kept, perhaps repaired by hand. */
export interface KeptLetter {
  /** Where the element stood: topic/partition/offset/index. */
  readonly place: string;
  /** The element with secrets taken out. */
  readonly original: string;
}

export interface Replayed {
  readonly sent: number;
  /** Places of letters that are no event or whose original is no JSON object any more: there is nothing to send. */
  readonly unusable: readonly string[];
}

/** Streams whose letters are records of keys and heartbeats; the next one of these says what the lost one said. */
const noEvents = [topics.keys, topics.gateways, httpHeartbeatTopic];
/** Records that are sent at once. */
const recordsMax = 1_000;

/**
 * Sends dead letters to the topic that events come by, in our own form whatever their gateway's was, as that is how
 * they are kept. One that had no id gets its old place for an id: replayed twice it counts once. What still cannot be
 * used becomes a dead letter again.
 */
export async function replayDeadLetters(letters: readonly KeptLetter[], sink: Sink): Promise<Replayed> {
  const records: OutRecord[] = [];
  const unusable: string[] = [];
  for (const letter of letters) {
    const record = toRecord(letter);
    if (record) records.push(record);
    else unusable.push(letter.place);
  }
  for (let from = 0; from < records.length; from += recordsMax) {
    await sink.send(records.slice(from, from + recordsMax));
  }
  return { sent: records.length, unusable };
}

function toRecord({ place, original }: KeptLetter): OutRecord | null {
  if (noEvents.some((stream) => place.startsWith(`${stream}/`))) return null;
  const event = parseObject(original);
  if (!event) return null;
  const key = typeof event.key_id === 'string' ? event.key_id : null;
  return {
    key,
    value: JSON.stringify({ event_id: place.slice(0, 128), ...event }),
    headers: { [formatHeader]: 'native' },
  };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && Object.keys(value).length > 0 ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
