import { ManualClock, silentLogger } from '@tripkey/service-kit/testing';
import { expect, test } from 'vitest';
import type { Store } from './store.ts';
import { TokenBook } from './token-book.ts';

test('many that call at once make the tokens be read once', async () => {
  let readings = 0;
  const ask = async () => {
    readings++;
    await new Promise((resolve) => setImmediate(resolve));
    return [];
  };
  const clock = new ManualClock();
  const book = new TokenBook({ store: { ask } as unknown as Store, clock, log: silentLogger });
  const together = () => Promise.all(Array.from({ length: 50 }, () => book.find('tripkey_made_up')));
  await together();
  expect(readings).toBe(1);
  await clock.advance(60_000);
  await together();
  expect(readings).toBe(2);
});
