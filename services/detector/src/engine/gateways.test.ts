import type { Finding } from '@tripkey/contract';
import { gatewayRules } from '@tripkey/rules';
import { describe, expect, test } from 'vitest';
import { anEngine, atLeast, firedRules } from '../testing/an-engine.ts';
import { anArrival, dayMs, hourMs, minuteMs, monday, ticksOf } from '../testing/made-traffic.ts';
import type { GatewayActivity, Tick } from './activity.ts';
import type { GatewaySays, GatewayWords } from './gateway-says.ts';
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

/** Gateways that say every minute that they live, and what they emitted. */
class Words implements GatewayWords {
  readonly #says = new Map<string, GatewaySays>();

  say(gateway: string, at: number, emitted: number, startedAt = 0): void {
    this.#says.set(gateway, { gateway, startedAt, heardAt: at, overdueAt: at + 150_000, emitted });
  }

  of(gateway: string): GatewaySays | undefined {
    return this.#says.get(gateway);
  }

  all(): Iterable<GatewaySays> {
    return this.#says.values();
  }
}

describe('a gateway that sends heartbeats', () => {
  /** East was heard for three days; from then on nothing comes from it, and it says what a test wants it to say. */
  function silentEast(hours: number, say: (words: Words, minute: number, at: number) => void) {
    const words = new Words();
    const gateways = new Gateways(rules, new Teller(), words);
    const [east, west] = [new Numbering('east'), new Numbering('west')];
    run(gateways, monday, 3 * 24 * 60, () => [east.deliver(), west.deliver()]);
    const now = monday + 3 * dayMs;
    const findings = run(gateways, now, hours * 60, (minute) => {
      words.say('west', now + minute * minuteMs, 432_000 + 100 * minute);
      say(words, minute, now + minute * minuteMs);
      return [west.deliver()];
    });
    return { findings, blind: gateways.blind(now + hours * hourMs), gateways, words, west, now };
  }
  const emitted = 432_000;

  test('is idle, and not blind, while it says that it emitted nothing', () => {
    const { findings, blind } = silentEast(12, (words, _, at) => words.say('east', at, emitted));
    expect([findings, blind]).toEqual([[], 0]);
  });

  test('is idle also when it was started anew', () => {
    const { findings } = silentEast(12, (words, minute, at) =>
      words.say('east', at, minute < 60 ? emitted : 0, minute < 60 ? 0 : at),
    );
    expect(findings).toEqual([]);
  });

  test('is blind when it says that it emitted what never came, within half an hour', () => {
    const { findings, blind } = silentEast(0.5, (words, minute, at) =>
      words.say('east', at, emitted + 5 * minute),
    );
    expect(findings.map(({ subject }) => subject.id)).toEqual(['east']);
    expect(findings[0]!.evidence.observed.emitted).toBeGreaterThanOrEqual(20);
    expect(blind).toBe(1);
  });

  test('is blind when it says no more that it lives', () => {
    const { findings, blind } = silentEast(3, (words, minute, at) => {
      if (minute < 2) words.say('east', at, emitted);
    });
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.evidence.observed.overdue_minutes).toBeGreaterThan(0);
    expect(blind).toBe(1);
  });

  test('was told of as blind and turns out to be idle: it is blind no more', () => {
    const { findings, blind } = silentEast(6, (words, minute, at) => {
      if (minute > 180) words.say('east', at, emitted);
    });
    expect(findings.length).toBeGreaterThan(0);
    expect(blind).toBe(0);
  });

  test('is judged as if it sent none while no gateway is heard of, which may be our fault', () => {
    const { findings } = silentEast(1, () => {});
    const nobody = silentEast(1, (words, _, at) => {
      words.say('west', at - dayMs, 0);
      words.say('east', at - dayMs, 0);
    });
    expect(nobody.findings.map(({ evidence }) => evidence.observed)).toEqual(
      findings.map(({ evidence }) => evidence.observed),
    );
  });

  test('is judged as if it sent none by what it says much later: history is what it was', () => {
    const { findings } = silentEast(3, () => {});
    const later = silentEast(3, (words, _, at) => words.say('east', at + hourMs, emitted));
    expect(later.findings).toEqual(findings);
  });

  test('and of which no event ever came is blind when it says that it emitted some', () => {
    const { findings } = silentEast(1, (words, minute, at) => {
      words.say('east', at, emitted);
      words.say('new and cut off', at, 10 * minute, 1);
      words.say('new and idle', at, 0, 1);
    });
    expect(new Set(findings.map(({ subject }) => subject.id))).toEqual(new Set(['new and cut off']));
  });

  test('goes on where it was saved', () => {
    const { gateways, words, west, now } = silentEast(1, (all, _, at) => all.say('east', at, emitted));
    const saved = new Gateways(rules, new Teller(), words);
    saved.restore(JSON.parse(JSON.stringify(gateways)));
    const lost = Array.from({ length: 120 }, () => [west.deliver()]);
    const from = now + hourMs;
    const go = (of: Gateways) =>
      run(of, from, 120, (minute) => {
        words.say('east', from + minute * minuteMs, emitted + 10 * minute);
        return lost[minute]!;
      });
    const findings = go(gateways);
    expect(findings.length).toBeGreaterThan(0);
    expect(go(saved)).toEqual(findings);
  });
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
