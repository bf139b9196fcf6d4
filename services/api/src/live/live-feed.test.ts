import { EventEmitter, once } from 'node:events';
import { ManualClock, silentLogger } from '@tripkey/service-kit/testing';
import type { Store } from '@tripkey/store';
import type { Response } from 'express';
import { expect, test } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { LiveFeed } from './live-feed.ts';

/** A reader that takes nothing: what is written stays, and `close` never comes. */
class StalledResponse extends EventEmitter {
  readonly messages: string[] = [];
  destroyed = false;
  ended = false;
  writableLength = 0;
  status = () => this;
  set = () => this;
  flushHeaders() {}
  write(message: string) {
    if (this.ended) throw new Error('written after the end');
    this.messages.push(message);
    return true;
  }
  end() {
    this.ended = true;
    this.emit('ended');
  }
  destroy() {
    this.destroyed = true;
  }
}

const clock = new ManualClock();
const caller: Caller = {
  ...{ kind: 'person', id: 'local:a', name: 'a', role: 'viewer', scopes: new Set(['read'] as const) },
  ...{ csrf: null, expiresAt: null },
};

/** A feed on a store with so many events of this very moment. */
function aFeed(events: number) {
  const rows = Array.from({ length: events }, (_, seq) => ({
    ...{ incident_id: 'i1', seq, at: clock.now(), kind: 'opened', lineage_id: '' },
  }));
  const ask = async ({ name }: { name: string }, params: { rows?: number }) =>
    name === 'live-events' ? rows.slice(0, params.rows) : [];
  const feed = new LiveFeed({ store: { ask } as unknown as Store, clock, log: silentLogger });
  const listen = async (response: StalledResponse, who: Partial<Caller> = {}, after?: string) =>
    feed.listen(response as unknown as Response, { ...caller, ...who }, after);
  return { feed, listen };
}

/** Lets the feed look so many times. */
async function look(feed: LiveFeed, times: number): Promise<void> {
  const stop = new AbortController();
  const running = feed.run(stop.signal);
  for (let n = 0; n < times; n++) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(1_000);
  }
  stop.abort();
  await running;
}

const incidentsOf = ({ messages }: StalledResponse) =>
  messages.filter((message) => message.includes('event: incident'));

test('who was let go is told nothing more, though the connection is not closed yet', async () => {
  const { feed, listen } = aFeed(1);
  const [ending, staying] = [new StalledResponse(), new StalledResponse()];
  const ended = once(ending, 'ended');
  await listen(ending, { expiresAt: clock.now() });
  await listen(staying);
  await ended;
  await look(feed, 1);
  expect(incidentsOf(staying)).toHaveLength(1);
  expect(incidentsOf(ending)).toEqual([]);
});

test('more events at once than one look holds are all told, each once', async () => {
  const { feed, listen } = aFeed(3_500);
  const response = new StalledResponse();
  await listen(response);
  await look(feed, 5);
  const told = incidentsOf(response);
  expect(told).toHaveLength(3_500);
  expect(new Set(told).size).toBe(3_500);
});

test('who does not read is let go, and the others are told all the same', async () => {
  const { feed, listen } = aFeed(3);
  const [stuck, reading] = [new StalledResponse(), new StalledResponse()];
  stuck.writableLength = 2_000_000;
  await listen(stuck);
  await listen(reading);
  await look(feed, 2);
  expect(stuck.destroyed).toBe(true);
  expect(incidentsOf(stuck)).toEqual([]);
  expect(incidentsOf(reading)).toHaveLength(3);
});

test('who has gone before it began takes no place', async () => {
  const { feed, listen } = aFeed(1);
  const gone = new StalledResponse();
  gone.destroyed = true;
  await listen(gone);
  await look(feed, 1);
  expect(gone.messages).toEqual([]);
});

test('what was missed is told to who comes back', async () => {
  const { listen } = aFeed(2);
  const back = new StalledResponse();
  await listen(back, {}, String(clock.now() - 1_000));
  expect(incidentsOf(back)).toHaveLength(2);
});
