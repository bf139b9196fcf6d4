import { createHash } from 'node:crypto';
import type { Finding } from '@tripkey/contract';
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

/** Seven keys of the same application at their work, in front of which a test's key lives. */
const kin = Array.from({ length: 7 }, (_, i) => `key_kin_${i}`);
const kinAtWork = (days: number): Arrival[] =>
  kin.flatMap((keyId, i) => [
    ...routine(
      { from: monday, to: monday + days * dayMs, everyMs: 30 * minuteMs },
      { keyId, ip: `203.0.113.${i + 10}` },
    ),
  ]);

/** Findings that would count towards an alert; those of little weight are evidence and no more. */
const worthTelling = (findings: readonly Finding[]) =>
  findings
    .filter(({ score }) => score >= 3.75)
    .map(({ rule_id, key_id, detected_at, score }) => ({ rule_id, key_id, detected_at, score }));

/** A number from 0 to 1 that looks random and is the same each time. */
const chance = (...names: (string | number)[]) =>
  createHash('sha256').update(names.join(' ')).digest().readUInt32BE(0) / 2 ** 32;

function quietly(days: number, arrivals: readonly Arrival[]): void {
  const findings = judgeAll(anEngine(), ticksOf([...kinAtWork(days), ...arrivals], 5 * minuteMs));
  expect(worthTelling(findings)).toEqual([]);
}

const one = (at: number, changes: ArrivalChanges = {}) => anArrival(at, { keyId: 'key_one', ...changes });
const hours = (days: number) => Array.from({ length: 24 * days }, (_, hour) => monday + hour * hourMs);

test('a sparse key, a few requests on some days', () => {
  quietly(
    42,
    hours(42).flatMap((at) =>
      chance('sparse', at) < 0.02 ? [one(at, { traffic: { requests: 1 + Math.floor(4 * chance(at)) } })] : [],
    ),
  );
});

test('a constant key, the same every five minutes, and a tenth more one day', () => {
  const level = (at: number) => (at >= monday + 25 * dayMs && at < monday + 26 * dayMs ? 11 : 10);
  quietly(
    28,
    Array.from({ length: 28 * 288 }, (_, i) => monday + i * 5 * minuteMs).map((at) =>
      one(at, { traffic: { requests: level(at) } }),
    ),
  );
});

test('keys in their first hour, that do what their kin do', () => {
  const born = monday + 14 * dayMs + 9 * hourMs;
  quietly(
    15,
    Array.from({ length: 5 }, (_, key) =>
      Array.from({ length: 30 }, (_, i) =>
        one(born + key * hourMs + i * 2 * minuteMs, {
          keyId: `key_new_${key}`,
          ip: `192.0.2.${key + 1}`,
          network: '192.0.2.0/24',
          ...(i % 4 === 3 ? { method: 'POST', route: '/v1/leads' } : {}),
        }),
      ),
    ).flat(),
  );
});

test('a batch key that bursts every night, now three times the usual, now a third', () => {
  quietly(
    42,
    Array.from({ length: 42 }, (_, day) => {
      const size = 400 * 3 ** (2 * chance('batch', day) - 1);
      const start = monday + day * dayMs + 2 * hourMs + chance('start', day) * hourMs;
      return Array.from({ length: 20 }, (_, i) =>
        one(start + i * minuteMs, { traffic: { requests: Math.round(size / 20) } }),
      );
    }).flat(),
  );
});

test('a key that is off for days, then on, again and again', () => {
  const isOn = (day: number) => [2, 3, 6, 9, 10, 15, 16, 17].includes(Math.floor(day / 2) % 18);
  quietly(
    56,
    hours(56).flatMap((at) =>
      isOn(Math.floor((at - monday) / dayMs))
        ? [one(at, { traffic: { requests: 20 + Math.floor(60 * chance('on', at)) } })]
        : [],
    ),
  );
});

test('a gateway that is away for forty minutes and catches up', () => {
  const outage = monday + 21 * dayMs + 10 * hourMs;
  const until = outage + 40 * minuteMs;
  const late = (arrival: Arrival): Arrival =>
    arrival.arrivedAt >= outage && arrival.arrivedAt < until
      ? { ...arrival, arrivedAt: until + ((arrival.arrivedAt - outage) % (5 * minuteMs)) }
      : arrival;
  const mine = routine(
    { from: monday, to: monday + 23 * dayMs, everyMs: 5 * minuteMs },
    { keyId: 'key_one' },
  );
  const all = [...kinAtWork(23), ...mine].map(late);
  expect(worthTelling(judgeAll(anEngine(), ticksOf(all, 5 * minuteMs)))).toEqual([]);
});

test('addresses that change within one network', () => {
  quietly(
    28,
    hours(28).map((at) => one(at, { ip: `203.0.113.${1 + Math.floor(250 * chance('address', at))}` })),
  );
});

test('a serverless pool: other networks of one provider every hour', () => {
  quietly(
    28,
    hours(28).flatMap((at) =>
      [0, 1, 2].map((i) => {
        const net = Math.floor(200 * chance('pool', at, i));
        const changes = { ip: `198.18.${net}.${i + 1}`, network: `198.18.${net}.0/24`, asn: 64_500 };
        return one(at + i * minuteMs, changes);
      }),
    ),
  );
});

test('an office: twelve keys behind one address, and one morning all of them from the new one', () => {
  const move = monday + 21 * dayMs + 8 * hourMs;
  const office = (at: number) =>
    at < move ? {} : { ip: '192.0.2.9', network: '192.0.2.0/24', asn: 64_496, country: 'DE' };
  const keys = Array.from({ length: 12 }, (_, i) => `key_office_${i}`);
  quietly(
    23,
    keys.flatMap((keyId) =>
      [...routine({ from: monday, to: monday + 23 * dayMs, everyMs: hourMs }, { keyId })].map((arrival) => ({
        ...arrival,
        ...office(arrival.arrivedAt),
      })),
    ),
  );
});
