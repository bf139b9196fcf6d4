import { firstCopies, requestColumns, type Store } from '@tripkey/store';
import { askStore } from './repeat-marker.ts';

/** Events that are asked for at once. */
const eventsMax = 5_000;

const column = Object.fromEntries(requestColumns.map((name, i) => [name, i])) as Record<
  (typeof requestColumns)[number],
  number
>;
const undecided = `,${askStore}]`;

/**
 * Decides the rows of a batch that `RepeatMarker` left to the store: one is a repeat when the same event is stored
 * from another place and counts there. Looked up by key and time, the beginning of the table's sort key.
 * @param lines encoded rows
 * @returns the lines, every one decided; the same array when none was open
 */
export async function resolveRepeats(
  store: Store,
  lines: readonly string[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const open: { line: number; id: string; place: string; key: string; ts: number }[] = [];
  lines.forEach((text, line) => {
    if (!text.endsWith(undecided)) return;
    const row = JSON.parse(text) as (string | number)[];
    const key = String(row[column.key_id]);
    const ts = Number(row[column.ts]);
    const place = [row[column._topic], row[column._partition], row[column._offset], row[column._idx]].join(
      '/',
    );
    open.push({ line, id: identity(key, ts, String(row[column.event_id])), place, key, ts });
  });
  if (open.length === 0) return lines;

  const stored = new Map<string, string[]>();
  for (let i = 0; i < open.length; i += eventsMax) {
    const some = open.slice(i, i + eventsMax);
    const asked = { keys: some.map(({ key }) => key), times: some.map(({ ts }) => ts) };
    for (const [key, ts, eventId, ...place] of await store.ask(firstCopies, asked, signal)) {
      const id = identity(key, ts, eventId);
      stored.set(id, [...(stored.get(id) ?? []), place.join('/')]);
    }
  }
  const decided = [...lines];
  for (const { line, id, place } of open) {
    const repeat = stored.get(id)?.some((other) => other !== place) ?? false;
    decided[line] = `${lines[line]!.slice(0, -undecided.length)},${repeat ? 1 : 0}]`;
  }
  return decided;
}

function identity(key: string, ts: number, eventId: string): string {
  return `${key}\0${ts}\0${eventId}`;
}
