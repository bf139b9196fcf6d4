import { expect, test } from 'vitest';
import { FleetFactor } from './fleet-factor.ts';

test('a rise of the whole fleet explains as much of a rise of a key, and a fall explains nothing', () => {
  const fleet = new FleetFactor();
  fleet.note(1, 300, 100);
  fleet.note(2, 20, 100);
  expect([fleet.of(1), fleet.of(2), fleet.of(3)]).toEqual([3, 1, 1]);
});

test('of a fleet that hardly does anything nothing is concluded', () => {
  const fleet = new FleetFactor();
  fleet.note(1, 300, 10);
  expect(fleet.of(1)).toBe(1);
});

test('a day of windows is kept, and survives being saved', () => {
  const fleet = new FleetFactor();
  for (let window = 0; window < 100; window++) fleet.note(window, 200, 100);
  const restored = new FleetFactor();
  restored.restore(JSON.parse(JSON.stringify(fleet)));
  expect([restored.of(3), restored.of(4)]).toEqual([1, 2]);
});
