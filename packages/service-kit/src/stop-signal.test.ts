import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stopSignal } from './stop-signal.ts';

const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => {
  vi.useRealTimers();
  exit.mockClear();
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
});

test('a Ctrl-C that arrives from the terminal and again from npm stops once, gracefully', () => {
  const stop = stopSignal();
  process.emit('SIGINT');
  vi.advanceTimersByTime(20);
  process.emit('SIGINT');
  expect(stop.aborted).toBe(true);
  expect(exit).not.toHaveBeenCalled();
});

test('a second Ctrl-C ends the process at once', () => {
  stopSignal();
  process.emit('SIGINT');
  vi.advanceTimersByTime(1_000);
  process.emit('SIGINT');
  expect(exit).toHaveBeenCalledWith(1);
});

test('a drain that hangs is ended after the time it was given', () => {
  vi.spyOn(process.stderr, 'write').mockReturnValueOnce(true);
  stopSignal(25_000);
  process.emit('SIGTERM');
  vi.advanceTimersByTime(24_999);
  expect(exit).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(exit).toHaveBeenCalledWith(1);
});
