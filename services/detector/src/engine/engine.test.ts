import type { Finding } from '@tripkey/contract';
import { aKey } from '@tripkey/contract/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anEngine, atLeast, firedRules, judgeAll, SavedProfiles } from '../testing/an-engine.ts';
import {
  type Arrival,
  anArrival,
  aTheft,
  dayMs,
  hourMs,
  minuteMs,
  monday,
  routine,
  ticksOf,
} from '../testing/made-traffic.ts';

const forms = Array.from({ length: 12 }, (_, i) => `key_forms_${i + 1}`);

/** The forms application at work, each key from a home of its own. */
function formsAtWork(days: number, from = monday): Arrival[] {
  return forms.flatMap((keyId, i) => [
    ...routine({ from, to: from + days * dayMs }, { keyId, ip: `203.0.113.${i + 1}` }),
  ]);
}

const of = (keyId: string, findings: readonly Finding[]) =>
  findings.filter((finding) => finding.subject.id === keyId);

describe('a steady month', () => {
  const month = 28;
  const engine = anEngine();
  const before = judgeAll(engine, ticksOf(formsAtWork(month)));
  const theft = monday + month * dayMs + 10 * hourMs;
  const after = judgeAll(engine, ticksOf(aTheft(theft, { keyId: forms[0]! }), minuteMs));

  test('wakes nobody', () => {
    expect(atLeast('medium', before)).toEqual([]);
  });

  test('then a thief is told of within a tick, by place and by deed', () => {
    expect(firedRules(after)).toEqual(expect.arrayContaining(['first-use-of-endpoint', 'new-network']));
    expect(atLeast('medium', after).length).toBeGreaterThan(0);
    expect(new Set(after.map((finding) => finding.subject.id))).toEqual(new Set([forms[0]]));
    for (const finding of after) {
      expect(Date.parse(finding.detected_at) - theft).toBeLessThanOrEqual(minuteMs);
      expect(finding.evidence.sql).toContain(forms[0]);
    }
  });

  test('and the same thief is no habit a day later', () => {
    const [again] = [theft + dayMs].map((at) => judgeAll(engine, ticksOf(aTheft(at, { keyId: forms[0]! }))));
    expect(firedRules(again!)).toEqual(expect.arrayContaining(['first-use-of-endpoint', 'new-network']));
  });
});

test('a release that gives a whole application a new endpoint is nothing above medium', () => {
  const engine = anEngine();
  judgeAll(engine, ticksOf(formsAtWork(21)));
  const release = monday + 21 * dayMs + 9 * hourMs;
  const released = forms.flatMap((keyId, i) => [
    ...routine(
      { from: release + i * 20 * minuteMs, to: release + 12 * hourMs },
      { keyId, ip: `203.0.113.${i + 1}`, method: 'POST', route: '/v2/leads' },
    ),
  ]);
  const findings = judgeAll(engine, ticksOf(released));
  expect(atLeast('high', findings)).toEqual([]);
  const told = new Set(
    findings.filter((f) => f.rule_id === 'first-use-of-endpoint').map((f) => f.subject.id),
  );
  expect(told.size).toBeLessThanOrEqual(3);
});

test('a thousand rotated keys go on where their predecessors were: nothing about them is a first use', () => {
  const days = 8;
  const names = Array.from({ length: 1_000 }, (_, i) => `key_${i}`);
  const use = (suffix: string, from: number, to: number) =>
    names.flatMap((name) => [...routine({ from, to, everyMs: 6 * hourMs }, { keyId: `${name}${suffix}` })]);
  const rotation = monday + days * dayMs;
  const keys = names.flatMap((name) => [
    aKey({ key_id: name, scopes: [], rotated_at: new Date(rotation).toISOString() }),
    aKey({ key_id: `${name}_b`, lineage_id: name, scopes: [], created_at: new Date(rotation).toISOString() }),
  ]);
  const engine = anEngine(keys);
  // All of them behind one address: what many share must be learnt, too.
  judgeAll(engine, ticksOf(use('', monday, rotation), hourMs));
  expect(judgeAll(engine, ticksOf(use('_b', rotation, rotation + dayMs), hourMs))).toEqual([]);
  expect(engine.keyCount).toBe(1_000);
});

describe('a key stolen in its first hour', () => {
  const born = monday + 21 * dayMs + 9 * hourMs;
  const honest = routine(
    { from: born, to: born + 40 * minuteMs, everyMs: 2 * minuteMs },
    { keyId: 'key_young' },
  );
  const life = [...honest, ...aTheft(born + 41 * minuteMs, { keyId: 'key_young' })];
  const judged = (engine: ReturnType<typeof anEngine>) => {
    judgeAll(engine, ticksOf(formsAtWork(21)));
    return of('key_young', judgeAll(engine, ticksOf(life, minuteMs)));
  };

  test('is told of by what it may not do, and quiet until then', () => {
    const created_at = new Date(born).toISOString();
    const key = aKey({ key_id: 'key_young', scopes: ['read:leads', 'write:leads'], created_at });
    const findings = judged(anEngine([key]));
    expect(firedRules(findings)).toContain('outside-scopes');
    expect(Date.parse(findings[0]!.detected_at)).toBeGreaterThan(born + 41 * minuteMs);
  });

  test('is told of without scopes, too: no key of its kin works in two distant places at once', () => {
    expect(firedRules(judged(anEngine()))).toContain('two-places-at-once');
  });
});

test('traffic that was flagged does not become known', () => {
  const engine = anEngine();
  const [keyId = ''] = forms;
  judgeAll(engine, ticksOf(formsAtWork(21)));
  const start = monday + 21 * dayMs;
  // Every hour for three days: without a memory for suspicion it would be a habit after the first.
  const findings = Array.from({ length: 72 }, (_, i) =>
    judgeAll(engine, ticksOf(aTheft(start + i * hourMs + 5 * minuteMs, { keyId }))),
  );
  expect(atLeast('medium', findings[0]!).length).toBeGreaterThan(0);
  expect(of(keyId, findings.at(-1)!).map((finding) => finding.rule_id)).toContain('first-use-of-endpoint');
});

test('who tries many keys from one address is told of as that address, not as its keys', () => {
  const engine = anEngine();
  judgeAll(engine, ticksOf(formsAtWork(14)));
  const at = monday + 14 * dayMs + 10 * hourMs;
  const tried = forms.flatMap((keyId, i) =>
    aTheft(at + i * 20_000, { keyId, traffic: { requests: 3, denied: 3 } }),
  );
  const findings = judgeAll(engine, ticksOf(tried, 5_000));
  const source = findings.find((finding) => finding.subject.kind === 'source');
  expect(source).toMatchObject({ rule_id: 'one-source-many-keys', subject: { id: '198.51.100.66' } });
  const later = findings.filter((f) => f.detected_at > source!.detected_at && f.subject.kind === 'key');
  expect(later).toEqual([]);
});

test('a stolen key that is used with success is told of, though its thief tried made-up keys before', () => {
  const engine = anEngine();
  judgeAll(engine, ticksOf(formsAtWork(14)));
  const at = monday + 14 * dayMs + 10 * hourMs;
  const thief = { ip: '198.51.100.66', network: '198.51.100.0/24', country: 'RO', accountId: '', appId: '' };
  const noise = Array.from({ length: 4 }, (_, i) =>
    anArrival(at + i * 1_000, { ...thief, keyId: `made_up_${i}`, traffic: { requests: 1, denied: 1 } }),
  );
  const loot = aTheft(at + 6 * minuteMs, { keyId: forms[0]!, ip: thief.ip, traffic: { requests: 500 } });
  const findings = judgeAll(engine, ticksOf([...noise, ...loot], 5_000));
  expect(findings.map(({ subject }) => subject.kind)).toContain('source');
  expect(atLeast('medium', of(forms[0]!, findings))).not.toEqual([]);
});

describe('the same ticks', () => {
  /** Sixteen days in which a theft, a stuffing and a silence happen. */
  const world = ticksOf(
    [
      ...formsAtWork(14).filter(({ keyId }) => forms.indexOf(keyId) < 5),
      ...routine(
        { from: monday, to: monday + 13 * dayMs, everyMs: 10 * minuteMs, requests: 60 },
        { keyId: 'key_flow' },
      ),
      ...aTheft(monday + 9 * dayMs, { keyId: forms[0]! }),
      ...aTheft(monday + 10 * dayMs, { keyId: forms[0]! }),
      ...forms.slice(0, 5).flatMap((keyId, i) =>
        aTheft(monday + 11 * dayMs + i * minuteMs, {
          keyId,
          ip: '198.51.100.9',
          traffic: { requests: 4, denied: 4 },
        }),
      ),
      anArrival(monday + 12 * dayMs, { keyId: forms[1]!, minute: monday + 12 * dayMs - 2 * hourMs }),
    ],
    15 * minuteMs,
  );
  const expected = judgeAll(anEngine(), world);
  const sorted = (findings: readonly Finding[]) =>
    findings.toSorted((a, b) => (a.finding_id < b.finding_id ? -1 : 1));

  test('give the same findings, of every kind', () => {
    expect(judgeAll(anEngine(), world)).toEqual(expected);
    expect(firedRules(expected)).toEqual(
      expect.arrayContaining([
        'first-use-of-endpoint',
        'new-network',
        'one-source-many-keys',
        'key-went-silent',
      ]),
    );
    expect(new Set(expected.map((finding) => finding.finding_id)).size).toBe(expected.length);
  });

  test('give the same findings when the engine is saved and restored at any of them', () => {
    const restarts = fc.uniqueArray(fc.integer({ min: 0, max: world.length }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(restarts, (cuts) => {
        const saved = new SavedProfiles();
        let engine = anEngine();
        const findings: Finding[] = [];
        world.forEach((tick, i) => {
          if (cuts.includes(i)) {
            saved.save(engine);
            engine = anEngine();
            saved.restoreInto(engine);
          }
          findings.push(...engine.take(tick));
        });
        expect(sorted(findings)).toEqual(sorted(expected));
      }),
      { numRuns: 25 },
    );
  });
});

test('two keys of one lineage that are stolen in the same hour are both told of, also by the same rule', () => {
  const keys = ['key_old', 'key_new'].map((key_id) => aKey({ key_id, lineage_id: 'key_old' }));
  const at = monday + 14 * dayMs + 10 * hourMs;
  const engine = anEngine(keys);
  judgeAll(engine, ticksOf([...formsAtWork(14), ...routine({ from: monday, to: at }, { keyId: 'key_old' })]));
  const thefts = keys.flatMap(({ key_id }, i) => aTheft(at + i * 10 * minuteMs, { keyId: key_id }));
  const findings = atLeast('low', judgeAll(engine, ticksOf(thefts, 5_000)));
  const [old, young] = keys.map(({ key_id }) => firedRules(findings.filter((one) => one.key_id === key_id)));
  expect(old).toContain('new-network');
  expect(young).toContain('new-network');
});

test('a key whose requests another shard reads from now on is not taken for silent', () => {
  const key = aKey({ key_id: 'key_moved', account_id: 'acct_of_another_shard' });
  const others = formsAtWork(22);
  const before = routine(
    { from: monday, to: monday + 21.4 * dayMs, everyMs: 5 * minuteMs },
    { keyId: key.key_id },
  );
  const ticks = ticksOf([...others, ...before], 5 * minuteMs);
  const silent = (reads: boolean) =>
    firedRules(of(key.key_id, judgeAll(anEngine([key], { reads: () => reads }), ticks))).includes(
      'key-went-silent',
    );
  expect([silent(true), silent(false)]).toEqual([true, false]);
});

test('key ids that nobody made leave no state behind, and are counted', () => {
  const engine = anEngine();
  const guesses = Array.from({ length: 30 }, (_, i) =>
    anArrival(monday, { keyId: `guess_${i}`, traffic: { requests: 2, denied: 2 } }),
  );
  engine.take({ from: monday, to: monday + minuteMs, activity: guesses });
  expect(engine.keyCount).toBe(0);
  expect(engine.requestsOfMadeUpKeys).toBe(60);
  engine.take({ from: monday + minuteMs, to: monday + 2 * minuteMs, activity: [anArrival(monday)] });
  expect(engine.keyCount).toBe(1);
});
