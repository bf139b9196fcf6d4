import { firstCopies, type RequestBlock, type Store } from '@tripkey/store';
import { askStore } from './repeat-marker.ts';

/** Events that are asked for at once. */
const eventsMax = 5_000;

/** A row that counts, or may. */
interface Candidate {
  readonly isOpen: boolean;
  readonly row: number;
  readonly identity: string;
  readonly place: string;
  readonly key: string;
  readonly ts: number;
}

/**
 * Decides the rows of a batch that `RepeatMarker` left to the store: one is a repeat when the same event counts from
 * another place, be it stored or earlier in the batch. Looked up by key and time, the beginning of the table's sort
 * key. Changes nothing unless all are decided.
 * @returns how many were left to the store
 */
export async function resolveRepeats(
  store: Store,
  block: RequestBlock,
  signal?: AbortSignal,
): Promise<number> {
  if (block.repeats(askStore).length === 0) return 0;
  const candidates = candidatesOf(block);
  const open = candidates.filter(({ isOpen }) => isOpen);
  const counted = new Places();
  for (let i = 0; i < open.length; i += eventsMax) {
    const some = open.slice(i, i + eventsMax);
    const asked = { keys: some.map(({ key }) => key), times: some.map(({ ts }) => ts) };
    for (const [key, ts, eventId, ...place] of await store.ask(firstCopies, asked, signal)) {
      counted.add(identityOf(key, ts, eventId), place.join('/'));
    }
  }
  for (const { isOpen, row, identity, place } of candidates) {
    const repeat = isOpen && counted.elsewhere(identity, place);
    if (isOpen) block.setRepeat(row, repeat ? 1 : 0);
    if (!repeat) counted.add(identity, place);
  }
  return open.length;
}

function candidatesOf(block: RequestBlock): Candidate[] {
  const candidates: Candidate[] = [];
  let row = 0;
  for (const { ts, event_id, key_id, _topic, _partition, _offset, _idx, is_repeat } of block) {
    if (is_repeat !== 1) {
      const place = [_topic, _partition, _offset, _idx].join('/');
      const identity = identityOf(key_id, ts, event_id);
      candidates.push({ isOpen: is_repeat === askStore, row, identity, place, key: key_id, ts });
    }
    row++;
  }
  return candidates;
}

/** From where events count. */
class Places {
  readonly #of = new Map<string, string[]>();

  add(identity: string, place: string): void {
    const places = this.#of.get(identity);
    if (places) places.push(place);
    else this.#of.set(identity, [place]);
  }

  elsewhere(identity: string, place: string): boolean {
    return this.#of.get(identity)?.some((other) => other !== place) ?? false;
  }
}

function identityOf(key: string, ts: number, eventId: string): string {
  return `${key}\0${ts}\0${eventId}`;
}
