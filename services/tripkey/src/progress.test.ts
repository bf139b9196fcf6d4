import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { endProgress, showProgress } from './progress.ts';

const { isTTY } = process.stderr;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  process.stderr.isTTY = true;
});
afterEach(() => {
  process.stderr.isTTY = isTTY;
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('a command that fails on a terminal ends: no bar keeps it alive', () => {
  showProgress('Restoring', 40).update(3);
  vi.advanceTimersByTime(10_000);
  expect(vi.getTimerCount()).toBeGreaterThan(0);
  endProgress();
  vi.advanceTimersByTime(10_000);
  expect(vi.getTimerCount()).toBe(0);
});

test('the cursor of the terminal is left as it is: a command that is killed cannot give it back', () => {
  showProgress('Restoring', 40).stop();
  const written = vi.mocked(process.stderr.write).mock.calls.map(([text]) => String(text));
  expect(written.join('')).not.toContain('\u001b[?25l');
  expect(written).not.toHaveLength(0);
});
