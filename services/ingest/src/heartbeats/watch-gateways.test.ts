import { Metrics } from '@tripkey/service-kit';
import { eventually, ManualClock, silentLogger } from '@tripkey/service-kit/testing';
import type { Question, Store } from '@tripkey/store';
import { expect, test } from 'vitest';
import type * as z from 'zod';
import { watchGateways } from './watch-gateways.ts';

interface Run {
  readonly gateway: string;
  readonly started_at: number;
  readonly heard_at: number;
  readonly overdue_at: number;
  readonly dropped: Record<string, number>;
}

/** Watches runs that a test changes. */
function watch() {
  const clock = new ManualClock();
  const runs = new Map<string, Run>();
  const metrics = new Metrics();
  const stop = new AbortController();
  let isMine = true;
  let isDown = false;
  const store = {
    async ask<P extends z.ZodObject, R extends z.ZodType>(
      { name }: Question<P, R>,
      { since }: { since: number },
    ) {
      if (isDown) throw new Error('the store is down');
      const rows = [...runs.values()].filter(({ heard_at }) => heard_at >= since);
      return name === 'gateway-runs' ? rows : rows.filter(({ dropped }) => Object.keys(dropped).length > 0);
    },
  } as unknown as Store;
  const running = watchGateways(
    { store, clock, log: silentLogger, metrics, everyMs: 15_000, isMine: () => isMine },
    stop.signal,
  );
  async function pass(ms: number): Promise<void> {
    await eventually(() => expect(clock.sleepers).toBe(1));
    await clock.advance(ms);
  }
  return {
    hear(gateway: string, dropped: Record<string, number>, started_at = 0) {
      const now = clock.now();
      runs.set(`${gateway} ${started_at}`, {
        gateway,
        started_at,
        heard_at: now,
        overdue_at: now + 150_000,
        dropped,
      });
    },
    look: () => pass(15_000),
    pass,
    owns: (mine: boolean) => {
      isMine = mine;
    },
    goesDown: (down: boolean) => {
      isDown = down;
    },
    async figures() {
      const text = await metrics.text();
      const lost = [...text.matchAll(/^tripkey_gateways_dropped_events_total\{reason="(\w+)"\} (\d+)$/gm)];
      return {
        overdue: Number(/^tripkey_gateways_overdue (\d+)$/m.exec(text)?.[1]),
        lost: Object.fromEntries(lost.map(([, reason, count]) => [reason, Number(count)])),
      };
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}
const nothing = { buffer_full: 0, invalid: 0, refused: 0, closed: 0, other: 0 };

test('losses are counted by reason once, however often a run says them, and a new run counts anew', async () => {
  await using watched = watch();
  await watched.look();
  expect(await watched.figures()).toEqual({ overdue: 0, lost: nothing });
  for (let i = 0; i < 3; i++) {
    watched.hear('edge-1', { buffer_full: 10, disk: 2 });
    await watched.look();
  }
  watched.hear('edge-1', { buffer_full: 12, disk: 2, invalid: 1 });
  watched.hear('edge-1', { buffer_full: 5 }, 99);
  await watched.look();
  expect((await watched.figures()).lost).toEqual({ ...nothing, buffer_full: 17, other: 2, invalid: 1 });
});

test('what was lost before is not counted again by a process that starts or takes over', async () => {
  await using watched = watch();
  watched.owns(false);
  watched.hear('edge-1', { buffer_full: 10 });
  await watched.look();
  watched.owns(true);
  await watched.look();
  watched.hear('edge-1', { buffer_full: 11 });
  await watched.look();
  expect((await watched.figures()).lost).toEqual({ ...nothing, buffer_full: 1 });
});

test('a gateway that is heard of again after hours counts what it lost meanwhile, and nothing twice', async () => {
  await using watched = watch();
  await watched.look();
  watched.hear('edge-1', { buffer_full: 10 });
  await watched.look();
  await watched.pass(3 * 3_600_000);
  watched.hear('edge-1', { buffer_full: 15 });
  await watched.look();
  expect((await watched.figures()).lost.buffer_full).toBe(15);
});

test('a gateway is overdue when its heartbeats stop, until a day has passed', async () => {
  await using watched = watch();
  watched.hear('edge-1', {});
  await watched.pass(140_000);
  expect((await watched.figures()).overdue).toBe(0);
  await watched.pass(30_000);
  expect((await watched.figures()).overdue).toBe(1);
  await watched.pass(86_400_000);
  expect((await watched.figures()).overdue).toBe(0);
});

test('while the store is down nothing changes, and nothing is missed', async () => {
  await using watched = watch();
  await watched.look();
  watched.hear('edge-1', { invalid: 1 });
  watched.goesDown(true);
  await watched.look();
  watched.goesDown(false);
  await watched.look();
  expect((await watched.figures()).lost.invalid).toBe(1);
});
