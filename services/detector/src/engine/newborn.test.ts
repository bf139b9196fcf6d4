import { expect, test } from 'vitest';
import { anEngine, judgeAll } from '../testing/an-engine.ts';
import {
  type Arrival,
  type ArrivalChanges,
  anArrival,
  dayMs,
  hourMs,
  minuteMs,
  monday,
  routine,
  ticksOf,
} from '../testing/made-traffic.ts';
import { Births } from './births.ts';

const begins = monday + 14 * dayMs;
/** Two hundred keys of customers who have their software in four clouds. */
const customers: Arrival[] = Array.from({ length: 200 }, (_, i) => [
  ...routine(
    { from: monday + (i % 60) * minuteMs, to: begins + dayMs, everyMs: 8 * hourMs },
    { keyId: `key_${i}`, asn: 64_500 + (i % 4), network: `198.51.${i % 4}.0/24`, ip: `198.51.${i % 4}.9` },
  ),
]).flat();

/** A key is used for ten minutes and then not any more. */
const tenMinutes = (changes: ArrivalChanges): Arrival[] =>
  Array.from({ length: 10 }, (_, i) =>
    anArrival(begins + i * minuteMs, { keyId: 'key_new', traffic: { requests: 5 }, ...changes }),
  );
const told = (arrivals: readonly Arrival[]) =>
  judgeAll(anEngine(), ticksOf([...customers, ...arrivals], 5 * minuteMs)).filter(
    ({ rule_id, key_id }) => rule_id === 'unlike-its-kin' && key_id === 'key_new',
  );
const elsewhere = { asn: 65_010, network: '192.0.2.0/24', ip: '192.0.2.7', country: 'VN' };

test('a key that is stolen before its owner used it is told while it is used, and not when it rests', () => {
  const findings = told(tenMinutes(elsewhere));
  expect(findings.length).toBeGreaterThan(0);
  expect(findings[0]).toMatchObject({ evidence: { observed: { provider: 'AS65010' } } });
  expect(Math.max(...findings.map(({ score }) => score))).toBeGreaterThan(3.75);
  for (const { detected_at } of findings)
    expect(Date.parse(detected_at)).toBeLessThanOrEqual(begins + 15 * minuteMs);
});

test('a new customer from where others are is quiet, and so are many new ones from elsewhere', () => {
  expect(told(tenMinutes({ asn: 64_501, network: '198.51.1.0/24', ip: '198.51.1.77' }))).toEqual([]);
  const many = Array.from({ length: 60 }, (_, i) =>
    tenMinutes({ ...elsewhere, keyId: `key_many_${i}` }),
  ).flat();
  expect(told([...many, ...tenMinutes(elsewhere)]).filter(({ score }) => score >= 3.75)).toEqual([]);
});

test('keys are young for a day, or as many as in a mean day of the week', () => {
  const births = new Births();
  for (let i = 0; i < 70; i++) births.note(begins + (i % 24) * hourMs);
  expect(births.young(begins + 23 * hourMs)).toBe(70);
  expect(births.young(begins + 3 * dayMs)).toBe(10);
  expect(births.young(begins + 9 * dayMs)).toBe(0);
});
