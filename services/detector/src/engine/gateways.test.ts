import type { Finding } from '@tripkey/contract';
import { gatewayRules } from '@tripkey/rules';
import { describe, expect, test } from 'vitest';
import { anEngine, atLeast, firedRules } from '../testing/an-engine.ts';
import { anArrival, dayMs, hourMs, minuteMs, monday, ticksOf } from '../testing/made-traffic.ts';
import type { GatewayActivity, Tick } from './activity.ts';
import { Gateways } from './gateways.ts';
import { Teller } from './teller.ts';

const rules = gatewayRules.map((rule) => ({ rule, params: rule.params.parse({}) }));
const tickMs = minuteMs;

/** A gateway that numbers its events, a hundred a minute. */
class Numbering {
  #next = 1;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  /** What it delivers in a minute, so many of its events being lost. */
  deliver(lost = 0, events = 100): GatewayActivity {
    const sequenceFirst = this.#next;
    this.#next += events;
    const kept = events - lost;
    return {
      ...{ gateway: this.#name, events: kept, sequenced: kept, sequenceFirst },
      sequenceLast: this.#next - 1,
    };
  }

  /** Numbers given to events that are not delivered yet. */
  hold(events = 100): GatewayActivity {
    return this.deliver(0, events);
  }
}

/** Runs gateways minute by minute. */
function run(
  gateways: Gateways,
  from: number,
  minutes: number,
  deliver: (minute: number) => GatewayActivity[],
): Finding[] {
  return Array.from({ length: minutes }, (_, i) => {
    const at = from + i * tickMs;
    return gateways.take(deliver(i), at, at + tickMs);
  }).flat();
}

function aWeek() {
  const gateways = new Gateways(rules, new Teller());
  const [east, west] = [new Numbering('east'), new Numbering('west')];
  const quiet = run(gateways, monday, 3 * 24 * 60, () => [east.deliver(), west.deliver()]);
  return { gateways, east, west, quiet, now: monday + 3 * dayMs };
}

test('gateways that deliver everything are quiet', () => {
  expect(aWeek().quiet).toEqual([]);
});

test('one event in twenty that is lost is told of that gateway, within two hours', () => {
  const { gateways, east, west, now } = aWeek();
  const findings = run(gateways, now, 120, () => [east.deliver(5), west.deliver()]);
  expect(new Set(findings.map(({ subject }) => subject.id))).toEqual(new Set(['east']));
  expect(atLeast('medium', findings).length).toBeGreaterThan(0);
  expect(findings.length).toBeLessThanOrEqual(2);
});

describe('a gateway that delivers late', () => {
  test('wakes nobody when it catches up within the hour, and no number is missing then', () => {
    const { gateways, east, west, now } = aWeek();
    const held: GatewayActivity[] = [];
    const away = run(gateways, now, 40, () => {
      held.push(east.hold());
      return [west.deliver()];
    });
    const caughtUp = run(gateways, now + 40 * minuteMs, 5 * 60, (i) => [
      ...held.splice(0, 20),
      east.deliver(),
      ...(i >= 0 ? [west.deliver()] : []),
    ]);
    expect([...away, ...caughtUp].filter(({ score }) => score >= 3.75)).toEqual([]);
  });

  test('is told when it stays away', () => {
    const { gateways, west, now } = aWeek();
    const findings = run(gateways, now, 180, () => [west.deliver()]);
    expect(findings.some(({ score }) => score >= 3.75)).toBe(true);
    expect(gateways.blind(now + 180 * minuteMs)).toBe(1);
  });
});

test('a gateway that counts anew has no gap', () => {
  const { gateways, west, now } = aWeek();
  const again = new Numbering('east');
  expect(run(gateways, now, 300, () => [again.deliver(), west.deliver()])).toEqual([]);
});

test('it goes on where it was saved', () => {
  const { gateways, east, west, now } = aWeek();
  const saved = new Gateways(rules, new Teller());
  saved.restore(JSON.parse(JSON.stringify(gateways)));
  const lost = Array.from({ length: 200 }, () => [east.deliver(5), west.deliver()]);
  const minute = (i: number) => lost[i]!;
  expect(run(saved, now, 200, minute)).toEqual(run(gateways, now, 200, minute));
});

test('when places run out, those of gateways long out of service go to new ones; who gets none is counted', () => {
  const gateways = new Gateways(rules, new Teller());
  const deliver = (name: string, at: number) =>
    gateways.take([new Numbering(name).deliver()], at, at + tickMs);
  for (let i = 0; i < Gateways.gatewaysMax; i++) deliver(`pod ${i}`, monday);
  deliver('a new one', monday + minuteMs);
  expect(gateways.refused).toBe(1);
  const later = monday + 4 * dayMs;
  deliver('a new one', later);
  expect(gateways.refused).toBe(1);
  expect(gateways.toJSON().states.map(([name]) => name)).toEqual(['a new one']);
});

test('while a gateway is blind it is told, and none of its keys', () => {
  const keys = ['key_a', 'key_b', 'key_c', 'key_d', 'key_e', 'key_f'];
  const engine = anEngine();
  const [east, west] = [new Numbering('east'), new Numbering('west')];
  const end = monday + 16 * dayMs;
  const withGateways = (ticks: Tick[], both: boolean): Tick[] =>
    ticks.map((tick) => ({
      ...tick,
      gateways: both ? [east.deliver(), west.deliver()] : [west.deliver()],
    }));
  const flow = (keyId: string, from: number, to: number) =>
    Array.from({ length: (to - from) / (5 * minuteMs) }, (_, i) =>
      anArrival(from + i * 5 * minuteMs, { keyId, traffic: { requests: 20 } }),
    );
  for (const tick of withGateways(ticksOf(keys.flatMap((key) => flow(key, monday, end))), true))
    engine.take(tick);
  const west5 = keys.slice(1).flatMap((key) => flow(key, end, end + 8 * hourMs));
  const findings = withGateways(ticksOf(west5), false).flatMap((tick) => engine.take(tick));
  expect(firedRules(findings)).toEqual(['gateway-went-blind']);
  expect(new Set(findings.map(({ subject }) => subject.id))).toEqual(new Set(['east']));
});
