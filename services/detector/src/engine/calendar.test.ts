import { keyRules } from '@tripkey/rules';
import { describe, expect, test } from 'vitest';
import { judgeAll } from '../testing/an-engine.ts';
import { anArrival, dayMs, hourMs, minuteMs, monday, ticksOf } from '../testing/made-traffic.ts';
import { Calendar } from './calendar.ts';
import { Engine } from './engine.ts';
import { MonthTurn } from './month-turn.ts';

const at = (time: string) => Date.parse(`${time}Z`);

test('a holiday is a date, or a day of every year', () => {
  const calendar = new Calendar(['2026-04-06', '12-25']);
  expect(calendar.isHoliday(at('2026-04-06T23:59:00'))).toBe(true);
  expect(calendar.isHoliday(at('2027-04-06T12:00:00'))).toBe(false);
  expect(calendar.isHoliday(at('2031-12-25T00:00:00'))).toBe(true);
  expect(calendar.isHoliday(at('2026-04-07T00:00:00'))).toBe(false);
});

test.each([
  ['2026-01-29T12:00:00', false],
  ['2026-01-30T00:00:00', true],
  ['2026-01-31T12:00:00', true],
  ['2026-02-02T23:00:00', true],
  ['2026-02-03T00:00:00', false],
  ['2026-02-27T01:00:00', true],
  ['2028-02-27T01:00:00', false],
])('%s at the turn of the month: %s', (time, expected) => {
  expect(new Calendar().isMonthTurn(at(time))).toBe(expected);
});

test('a turn of the month is expected as it came before', () => {
  const turn = new MonthTurn();
  expect(turn.factor).toBe(1);
  for (let window = 0; window < 300; window++) turn.learn(120, 20);
  expect(turn.factor).toBeGreaterThan(5);
  expect(turn.factor).toBeLessThan(6);
  expect(MonthTurn.fromJSON(JSON.parse(JSON.stringify(turn)))).toEqual(turn);
});

describe('a day on which everybody rests', () => {
  const day = monday + 21 * dayMs;
  const flow = (keyId: string, rests: boolean) =>
    Array.from({ length: 22 * 96 }, (_, i) => monday + i * 15 * minuteMs)
      .filter((time) => !rests || time < day || time >= day + 20 * hourMs)
      .map((time) => anArrival(time, { keyId, traffic: { requests: 30 } }));
  // One flow goes on, so the gateways are alive.
  const arrivals = [
    ...flow('key_flow', true),
    ...Array.from({ length: 6 }, (_, i) => flow(`key_other_${i}`, false)).flat(),
  ];
  const judged = (holidays: readonly string[]) =>
    judgeAll(new Engine({ keyRules, keys: new Map(), holidays }), ticksOf(arrivals, 5 * minuteMs));

  test('is a silence when nobody named it', () => {
    expect(judged([]).map(({ rule_id }) => rule_id)).toContain('key-went-silent');
  });

  test('is none when it is a holiday', () => {
    const holiday = new Date(day).toISOString().slice(0, 10);
    expect(judged([holiday]).filter(({ score }) => score > 3)).toEqual([]);
  });
});
