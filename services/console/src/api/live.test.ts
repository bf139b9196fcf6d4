import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectionNow, openLive, pipelineNow } from './live.ts';
import { queryClient } from './queries.ts';

class FakeSource {
  static readonly CLOSED = 2;
  static made: FakeSource[] = [];
  readyState = 1;
  onopen: () => void = () => {};
  onerror: () => void = () => {};
  readonly #on = new Map<string, (message: { data: string }) => void>();
  constructor() {
    FakeSource.made.push(this);
  }
  addEventListener(name: string, on: (message: { data: string }) => void): void {
    this.#on.set(name, on);
  }
  tell(behind_seconds: number): void {
    const at = new Date().toISOString();
    this.#on.get('pipeline')!({ data: JSON.stringify({ at, stored_until: at, behind_seconds }) });
  }
  tellIncident(): void {
    const at = new Date().toISOString();
    const event = { incident_id: 'inc_1', seq: 1, at, kind: 'opened', lineage_id: null };
    this.#on.get('incident')!({ data: JSON.stringify(event) });
  }
  close(): void {
    this.readyState = FakeSource.CLOSED;
  }
}

const asked = vi.spyOn(queryClient, 'invalidateQueries').mockResolvedValue();
const newest = () => FakeSource.made.at(-1)!;
let close: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  FakeSource.made = [];
  close = openLive();
  newest().onopen();
  asked.mockClear();
});
afterEach(() => {
  close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('what the pipeline said before the connection broke is not shown as how it is now', () => {
  newest().tell(1);
  expect(pipelineNow()).toMatchObject({ behind_seconds: 1 });
  newest().onerror();
  expect(pipelineNow()).toBeNull();
});

test('a connection that says nothing any more is given up, and what it may have missed is asked for', () => {
  const silent = newest();
  vi.advanceTimersByTime(60_000);
  expect(silent.readyState).toBe(FakeSource.CLOSED);
  expect(connectionNow()).toBe('lost');
  expect(newest()).not.toBe(silent);
  newest().onopen();
  expect(connectionNow()).toBe('live');
  expect(asked).toHaveBeenCalledTimes(1);
});

test('one that goes on telling is kept', () => {
  for (let n = 0; n < 20; n++) {
    vi.advanceTimersByTime(10_000);
    newest().tell(n);
  }
  expect(FakeSource.made).toHaveLength(1);
});

test('after a short break the server tells what was missed; after a long one everything is asked for', () => {
  newest().tellIncident();
  breakFor(3_000);
  expect(asked).not.toHaveBeenCalled();
  breakFor(3 * 3_600_000);
  expect(asked).toHaveBeenCalledTimes(1);
});

test('a server that told of no incident yet cannot tell what was missed', () => {
  breakFor(3_000);
  expect(asked).toHaveBeenCalledTimes(1);
});

function breakFor(ms: number): void {
  newest().onerror();
  vi.advanceTimersByTime(ms);
  newest().onopen();
}
