import { expect, test } from 'vitest';
import { anEngine, firedRules, judgeAll } from '../testing/an-engine.ts';
import { type Arrival, dayMs, hourMs, minuteMs, monday, routine, ticksOf } from '../testing/made-traffic.ts';
import { KeyState } from './key-state.ts';
import { SilenceSweep } from './silence-sweep.ts';

const days = 14;
const end = monday + days * dayMs;
const keys = Array.from({ length: 8 }, (_, i) => `key_flow_${i}`);
const flow = (keyId: string, from: number, to: number): Arrival[] => [
  ...routine({ from, to, everyMs: 10 * minuteMs, requests: 60 }, { keyId }),
];

/** Findings of an engine that knows two weeks of eight flows, about what comes then. */
function after(then: readonly Arrival[]) {
  const engine = anEngine();
  judgeAll(engine, ticksOf(keys.flatMap((keyId) => flow(keyId, monday, end))));
  return judgeAll(engine, ticksOf(then));
}

test('a flow that stops while the others go on is told of, once', () => {
  const others = keys.slice(1).flatMap((keyId) => flow(keyId, end, end + 2 * dayMs));
  const findings = after(others);
  expect(findings.map(({ rule_id, key_id }) => [rule_id, key_id])).toEqual([['key-went-silent', keys[0]]]);
  const silentMs = Date.parse(findings[0]!.detected_at) - end;
  expect(silentMs).toBeGreaterThanOrEqual(2 * hourMs);
  expect(silentMs).toBeLessThan(8 * hourMs);
});

test('when nearly nothing comes from anybody the gateways are blind, and no key is called silent', () => {
  expect(firedRules(after(flow(keys[0]!, end, end + 2 * dayMs)))).not.toContain('key-went-silent');
});

test('a key that comes back after a pause of the gateways is not told of', () => {
  const back = keys.flatMap((keyId) => flow(keyId, end + 12 * hourMs, end + dayMs));
  expect(firedRules(after(back))).not.toContain('key-went-silent');
});

test('a silence that a restart falls into is told of all the same', () => {
  const engine = anEngine();
  judgeAll(engine, ticksOf(keys.flatMap((keyId) => flow(keyId, monday, end))));
  const others = keys.slice(1).flatMap((keyId) => flow(keyId, end, end + hourMs));
  judgeAll(engine, ticksOf(others));
  const restored = anEngine();
  for (const state of engine.takeDirty()) restored.restore(JSON.parse(JSON.stringify(state)));
  restored.restoreFleet(JSON.parse(JSON.stringify(engine.saveFleet())));
  const later = ticksOf(keys.slice(1).flatMap((keyId) => flow(keyId, end + hourMs, end + dayMs)));
  const findings = judgeAll(restored, later);
  expect(findings).toEqual(judgeAll(engine, later));
  expect(firedRules(findings)).toEqual(['key-went-silent']);
});

test('what is to be expected of all keys, and who is silent, does not go by their order in memory', () => {
  const engine = anEngine();
  judgeAll(engine, ticksOf(keys.flatMap((keyId, i) => flow(keyId, monday + i * 7 * hourMs, end))));
  const states = engine.takeDirty();
  const sweep = (inOrder: readonly KeyState[]) => {
    const closed: number[] = [];
    const one = new SilenceSweep();
    const loaded = inOrder.map((state) => KeyState.fromJSON(JSON.parse(JSON.stringify(state))));
    const silent: string[] = [];
    for (let at = end; at < end + 12 * hourMs; at += 15 * minuteMs) {
      const swept = one.silent({ values: () => loaded.values() }, at, ({ expected }) =>
        closed.push(expected),
      );
      silent.push(...[...swept].map(({ lineageId }) => lineageId));
      one.take(400);
    }
    return { closed, silent };
  };
  const { closed, silent } = sweep(states);
  expect(silent.length).toBeGreaterThan(0);
  for (const others of [states.toReversed(), [...states.slice(3), ...states.slice(0, 3)]])
    expect(sweep(others)).toEqual({ closed, silent });
});
