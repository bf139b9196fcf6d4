import { type Store, silences } from '@tripkey/store';
import { Silence, type SilenceBook } from './silence.ts';

/** Silences in ClickHouse (`silences_v1`). */
export function clickHouseSilenceBook(store: Store): SilenceBook {
  return {
    async put(silence, nowMs) {
      const time = (ms: number) => new Date(ms).toISOString();
      const { created_at, until } = silence;
      const row = {
        ...silence,
        created_at: time(created_at),
        until: time(until),
        version: time(nowMs),
      };
      await store.insert('silences_v1', [row], `silence:${silence.silence_id}:${until}`);
    },
    async since(sinceMs) {
      const rows = await store.ask(silences, { since: sinceMs });
      return rows.map(({ hid, ...row }) => ({ ...Silence.parse(row), hid }));
    },
  };
}
