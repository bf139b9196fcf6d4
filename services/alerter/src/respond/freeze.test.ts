import { describe, expect, test } from 'vitest';
import { FreezeWindow, freezeAt } from './freeze.ts';

const frozen = (window: object, at: string) =>
  freezeAt([FreezeWindow.parse({ name: 'release', ...window })], Date.parse(at)) !== null;

describe('a freeze', () => {
  test('for once holds from its beginning up to its end', () => {
    const window = { from: '2026-12-24T00:00:00Z', until: '2026-12-27T00:00:00Z' };
    expect(frozen(window, '2026-12-23T23:59:59.999Z')).toBe(false);
    expect(frozen(window, '2026-12-24T00:00:00Z')).toBe(true);
    expect(frozen(window, '2026-12-27T00:00:00Z')).toBe(false);
  });

  test('of every Friday night goes on until Saturday morning, by the clocks of its place', () => {
    const window = { days: ['fri'], fromTime: '18:00', untilTime: '08:00', timeZone: 'Europe/Berlin' };
    // 2026-03-06 is a Friday; Berlin is an hour ahead of UTC in winter and two in summer.
    expect(frozen(window, '2026-03-06T16:59:00Z')).toBe(false);
    expect(frozen(window, '2026-03-06T17:00:00Z')).toBe(true);
    expect(frozen(window, '2026-03-07T06:59:00Z')).toBe(true);
    expect(frozen(window, '2026-03-07T07:00:00Z')).toBe(false);
    expect(frozen(window, '2026-07-03T16:00:00Z')).toBe(true);
    expect(frozen(window, '2026-03-07T17:00:00Z')).toBe(false);
  });

  test('without days is one of every day', () => {
    expect(frozen({ fromTime: '00:00', untilTime: '00:00' }, '2026-03-04T13:37:00Z')).toBe(true);
  });

  test('that makes no sense is refused', () => {
    const is = (window: object) => FreezeWindow.safeParse({ name: 'x', ...window }).success;
    expect(is({ from: '2026-12-27T00:00:00Z', until: '2026-12-24T00:00:00Z' })).toBe(false);
    expect(is({ fromTime: '25:00', untilTime: '08:00' })).toBe(false);
    expect(is({ fromTime: '18:00', untilTime: '08:00', timeZone: 'Mars' })).toBe(false);
  });
});
