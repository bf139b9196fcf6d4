import { expect, test } from 'vitest';
import { inThread } from './in-thread.ts';

/** A thread that runs a text. */
const running = (text: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads';${text}`)}`,
  );
const never = new AbortController().signal;

test('what the thread tells last is the result; how far it is comes before', async () => {
  const file = running(
    'for (const said of [{ progress: 0.5 }, { result: [1] }]) parentPort.postMessage(said);',
  );
  const shares: number[] = [];
  expect(await inThread(file, {}, never, (share) => shares.push(share))).toEqual([1]);
  expect(shares).toEqual([0.5]);
});

test('what the thread throws is thrown, and so is an end without a result', async () => {
  await expect(inThread(running('throw new RangeError("no such day")'), {}, never)).rejects.toThrow(
    'no such day',
  );
  await expect(inThread(running(''), {}, never)).rejects.toThrow('it ended without a result');
});

test('who gives up ends the thread, however busy it is', async () => {
  const stop = new AbortController();
  const busy = inThread(running('parentPort.postMessage({ progress: 0 }); for (;;);'), {}, stop.signal, () =>
    stop.abort(new Error('nobody wants it any more')),
  );
  await expect(busy).rejects.toThrow('nobody wants it any more');
  await expect(inThread(running('throw new Error("begun")'), {}, stop.signal)).rejects.toThrow(
    'nobody wants',
  );
});
