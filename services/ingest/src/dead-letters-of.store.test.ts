import { deadLettersOf, migrate, openStore } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { expect, test } from 'vitest';
import type { DeadLetter } from './dead-letter.ts';
import { insertDeadLetters } from './insert-dead-letters.ts';

function aLetter(offset: number, changes: Partial<DeadLetter> = {}): DeadLetter {
  const at = Date.parse('2026-03-02T10:00:00Z') + offset * 1_000;
  const place = { _topic: 'events', _partition: 0, _offset: String(offset), _idx: 0 };
  return { at, reason: 'invalid_field', detail: '', original: '{}', ...place, ...changes };
}

test('dead letters are found by reason, time and place, newest first, each once', async () => {
  const config = clickHouseConfig();
  await migrate(config);
  await using store = openStore(config);
  await insertDeadLetters(store, [aLetter(1), aLetter(2, { reason: 'not_json' }), aLetter(3)], 'a');
  await insertDeadLetters(store, [aLetter(3)], 'formed again');
  const ask = async (question: { since?: number; reason?: string; places?: string[]; rows?: number }) => {
    const letters = await store.ask(deadLettersOf, {
      since: 0,
      reason: '',
      places: [],
      rows: 10,
      ...question,
    });
    return letters.map(({ place }) => place);
  };

  expect(await ask({})).toEqual(['events/0/3/0', 'events/0/2/0', 'events/0/1/0']);
  expect(await ask({ reason: 'not_json' })).toEqual(['events/0/2/0']);
  expect(await ask({ since: aLetter(3).at })).toEqual(['events/0/3/0']);
  expect(await ask({ places: ['events/0/1/0'] })).toEqual(['events/0/1/0']);
  expect(await ask({ rows: 1 })).toEqual(['events/0/3/0']);
});
