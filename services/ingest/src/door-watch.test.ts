import { systemClock } from '@tripkey/service-kit';
import { silentLogger } from '@tripkey/service-kit/testing';
import { expect, test } from 'vitest';
import { DoorWatch } from './door-watch.ts';
import { RecordingStore } from './testing/index.ts';

test('another process that says how far the same door is is found, its own progress and that of others is not', async () => {
  const store = new RecordingStore();
  let others = 0;
  const stream = { topic: 'http', partition: 0 };
  const watch = new DoorWatch(stream, {
    ...{ store, clock: systemClock, log: silentLogger },
    onOther: () => others++,
  });
  const write = (at: number, changes = {}) =>
    store.insert(
      'ingest_progress_v1',
      [{ ...stream, offset: '1', lag: 0, stored_until: at, at, ...changes }],
      `${at}`,
    );
  watch.writes(1_000);
  await write(1_000);
  await watch.look();
  await write(1_200, { partition: 1 });
  watch.writes(1_500);
  // An earlier run of this process, whose place it took.
  await write(900);
  await watch.look();
  expect(others).toBe(0);
  await write(1_700);
  await watch.look();
  expect(others).toBe(1);
});
