import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayMs, minuteMs, monday } from '../testing/made-traffic.ts';
import { KeyState } from './key-state.ts';
import { SleepLine } from './sleep-line.ts';

function seenAt(lastSeenAt: number): KeyState {
  const state = new KeyState(`key ${lastSeenAt}`);
  state.lastSeenAt = lastSeenAt;
  return state;
}

test('a key that is unused for a week is asleep, one that was used within it is not', () => {
  const line = new SleepLine(100);
  line.advance([], monday);
  expect(line.isAwake(seenAt(monday - SleepLine.idleMsMax))).toBe(true);
  expect(line.isAwake(seenAt(monday - SleepLine.idleMsMax - minuteMs))).toBe(false);
});

test('beyond the most that may be awake those unused longest sleep, in whatever order they stand', () => {
  const times = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 20 }), (minutes, keysAwakeMax) => {
      const states = minutes.map((minute) => seenAt(monday - minute * minuteMs));
      const line = new SleepLine(keysAwakeMax);
      line.advance(states, monday);
      const awake = states.filter((state) => line.isAwake(state));
      const asleep = states.filter((state) => !line.isAwake(state));
      expect(awake.length).toBeLessThanOrEqual(keysAwakeMax);
      expect(line.crowdedOut).toBe(asleep.length);
      const lastAsleep = Math.max(...asleep.map((state) => state.lastSeenAt));
      for (const { lastSeenAt } of awake) expect(lastSeenAt).toBeGreaterThan(lastAsleep);
      const reversed = new SleepLine(keysAwakeMax);
      reversed.advance(states.toReversed(), monday);
      expect(reversed.before).toBe(line.before);
    }),
  );
});

test('a line that was put back moves with the next window, as it had without the restart', () => {
  const states = [seenAt(monday - dayMs), seenAt(monday)];
  const line = new SleepLine(1);
  line.advance(states.slice(0, 1), monday);
  const restored = new SleepLine(1);
  restored.restore(line.before, line.window);
  for (const minutes of [5, 20]) {
    for (const one of [line, restored]) one.advance(states, monday + minutes * minuteMs);
    expect(restored.before).toBe(line.before);
  }
  expect(line.isAwake(states[0]!)).toBe(false);
});

test('the line never goes back, so who fell asleep stays asleep until it is used', () => {
  const line = new SleepLine(1);
  line.advance([seenAt(monday - dayMs), seenAt(monday)], monday);
  const before = line.before;
  line.advance([], monday + minuteMs * 20);
  expect(line.before).toBe(before);
});
