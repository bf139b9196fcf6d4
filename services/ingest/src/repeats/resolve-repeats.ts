import { firstCopies, type RequestBlock, type Store } from '@tripkey/store';
import { askStore } from './repeat-marker.ts';

/** Events that are asked for at once. */
const eventsMax = 5_000;

interface Open {
  readonly row: number;
  readonly identity: string;
  readonly place: string;
  readonly key: string;
  readonly ts: number;
}

/**
 * Decides the rows of a batch that `RepeatMarker` left to the store: one is a repeat when the same event is stored
 * from another place and counts there. Looked up by key and time, the beginning of the table's sort key. Changes
 * nothing unless all are decided.
 * @returns how many were left to the store
 */
export async function resolveRepeats(
  store: Store,
  block: RequestBlock,
  signal?: AbortSignal,
): Promise<number> {
  if (block.repeats(askStore).length === 0) return 0;
  const open = openRows(block);
  const stored = new Map<string, string[]>();
  for (let i = 0; i < open.length; i += eventsMax) {
    const some = open.slice(i, i + eventsMax);
    const asked = { keys: some.map(({ key }) => key), times: some.map(({ ts }) => ts) };
    for (const [key, ts, eventId, ...place] of await store.ask(firstCopies, asked, signal)) {
      const id = identityOf(key, ts, eventId);
      stored.set(id, [...(stored.get(id) ?? []), place.join('/')]);
    }
  }
  for (const { row, identity, place } of open) {
    const repeat = stored.get(identity)?.some((other) => other !== place) ?? false;
    block.setRepeat(row, repeat ? 1 : 0);
  }
  return open.length;
}

function openRows(block: RequestBlock): Open[] {
  const open: Open[] = [];
  let row = 0;
  for (const { ts, event_id, key_id, _topic, _partition, _offset, _idx, is_repeat } of block) {
    if (is_repeat === askStore) {
      const place = [_topic, _partition, _offset, _idx].join('/');
      open.push({ row, identity: identityOf(key_id, ts, event_id), place, key: key_id, ts });
    }
    row++;
  }
  return open;
}

function identityOf(key: string, ts: number, eventId: string): string {
  return `${key}\0${ts}\0${eventId}`;
}
