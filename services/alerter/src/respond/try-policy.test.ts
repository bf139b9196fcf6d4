import { aFinding, aKey } from '@tripkey/contract/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aPolicy } from '../testing/a-policy.ts';
import { checkPolicy } from './check-policy.ts';
import type { PastFacts } from './past-facts.ts';
import { tryPolicy } from './try-policy.ts';

const start = Date.parse('2026-03-02T10:00:00.000Z');
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

function found(key: number, minute: number, changes: object = {}) {
  const id = `key_${key}`;
  return aFinding({
    finding_id: `${key}-${minute}`.padStart(32, '0'),
    ...{ key_id: id, subject: { kind: 'key', id } },
    detected_at: new Date(start + minute * minuteMs).toISOString(),
    ...changes,
  });
}
const trial = (
  policy: object,
  findings: ReturnType<typeof found>[],
  activeKeys = 1_000,
  past: Partial<PastFacts> = {},
) =>
  tryPolicy({
    policy: aPolicy(policy),
    findings,
    incidents: { groups: new Map() },
    key: (keyId) => aKey({ key_id: keyId, owner: keyId, issuer: 'keys', protected: keyId === 'key_7' }),
    issuers: new Map([['keys', null]]),
    past: { activeKeys, trafficShare: () => 0, killedBy: () => null, ...past },
  });
const outcomes = (tried: ReturnType<typeof trial>) => tried.map(({ outcome }) => outcome);

describe('a policy tried on the past', () => {
  test('says of each incident what it would have done, and why', () => {
    const findings = [
      found(1, 0),
      found(2, 30),
      found(7, 60),
      found(3, 90, { severity: 'medium', score: 5 }),
    ];
    const tried = trial({ rules: [{ name: 'serious', severityMin: 'high', mode: 'act' }] }, findings);
    expect(outcomes(tried)).toEqual(['act', 'act', 'propose', 'observe']);
    expect(tried.map(({ reason }) => reason)).toEqual([
      'policy serious',
      'policy serious',
      'the key is protected',
      'no policy matches',
    ]);
  });

  test('acts when an incident has become bad enough, at that time', () => {
    const weak = found(1, 0, { severity: 'medium', score: 5 });
    const bad = found(1, 10, { rule_id: 'new-network', severity: 'critical', score: 9 });
    const [tried] = trial({ rules: [{ severityMin: 'critical', mode: 'act' }] }, [weak, bad]);
    expect(tried).toMatchObject({ outcome: 'act', decided_at: bad.detected_at, opened_at: weak.detected_at });
  });

  test('asks for what the key had of the traffic then, and whether somebody had turned it all off', () => {
    const past = {
      trafficShare: (keyId: string) => (keyId === 'key_1' ? 0.4 : 0.1),
      killedBy: (at: number) => (at >= start + hourMs ? 'cli:alice' : null),
    };
    const policy = { rules: [{ mode: 'act' }], protectedTrafficShare: 0.3 };
    const tried = trial(policy, [found(1, 0), found(2, 1), found(3, 60)], 1_000, past);
    expect(tried.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['propose', 'the key makes 40 % of all requests'],
      ['act', 'policy rule 1'],
      ['propose', 'the kill switch is on, by cli:alice'],
    ]);
  });

  test('never goes over a cap, whatever was found', () => {
    const finding = fc.record({ key: fc.nat(40), minute: fc.nat(3 * 24 * 60) });
    const caps = fc.record({ perHour: fc.nat(4), perDay: fc.nat(12) });
    fc.assert(
      fc.property(fc.array(finding, { maxLength: 200 }), caps, (list, { perHour, perDay }) => {
        const findings = list
          .toSorted((a, b) => a.minute - b.minute)
          .map((one) => found(one.key, one.minute));
        const policy = { rules: [{ mode: 'act' }], caps: { perHour, perDay }, oddKeys: { countMax: 1_000 } };
        const acted = trial(policy, findings, 10_000)
          .filter(({ outcome }) => outcome === 'act')
          .map(({ decided_at }) => Date.parse(decided_at));
        for (const at of acted) {
          const within = (ms: number) => acted.filter((other) => other > at - ms && other <= at).length;
          expect(within(hourMs)).toBeLessThanOrEqual(perHour);
          expect(within(24 * hourMs)).toBeLessThanOrEqual(perDay);
        }
      }),
    );
  });
});

describe('a policy that is checked', () => {
  const rules = new Set(['volume-spike']);

  test('names every fault and where it is', () => {
    const { policy, faults } = checkPolicy(
      { rules: [{ mode: 'kill' }], caps: { perHour: -1 }, cap: 3 },
      rules,
    );
    expect(policy).toBeNull();
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['rules.0.mode', 'caps.perHour', '(top)']);
  });

  test('warns of what is probably not meant', () => {
    const { warnings } = checkPolicy(
      { rules: [{ rules: ['volume-spiek'], mode: 'act' }, { mode: 'act' }, { mode: 'observe' }] },
      rules,
    );
    expect(warnings).toEqual([
      'rules.0: there is no detection rule volume-spiek',
      'rules.1: acts on every incident, however weak',
      'rules.2: never reached, rule 2 matches everything',
    ]);
  });

  test('that is empty is the safe one', () => {
    expect(checkPolicy(null, rules)).toMatchObject({ faults: [], policy: { rules: [] } });
  });
});
