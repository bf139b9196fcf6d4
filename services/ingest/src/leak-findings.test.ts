import { Finding } from '@tripkey/contract';
import { ManualClock, silentLogger } from '@tripkey/service-kit/testing';
import type { OutRecord } from '@tripkey/stream';
import { expect, test } from 'vitest';
import { createLeakFindings, type LeakFindings } from './leak-findings.ts';
import type { Leak } from './pipeline.ts';
import { RecordingStore, testArrival } from './testing/index.ts';

function aLeak(changes: Partial<Leak> = {}): Leak {
  const position = { topic: 'events', partition: 0, offset: 7n };
  return {
    gateway: 'edge-1',
    field: 'path',
    kind: 'github',
    keyId: 'key_1',
    arrivedAtMs: testArrival,
    position,
    ...changes,
  };
}

function setUp() {
  const store = new RecordingStore();
  const sent: OutRecord[] = [];
  const sink = { send: async (records: readonly OutRecord[]) => void sent.push(...records) };
  const leaks = createLeakFindings({
    store,
    findings: sink,
    clock: new ManualClock(testArrival),
    log: silentLogger,
  });
  const findings = () => sent.map(({ value }) => Finding.parse(JSON.parse(String(value))));
  return { store, leaks, findings, stopAndTell: () => tell(leaks) };
}

async function tell(leaks: LeakFindings): Promise<void> {
  await leaks.run(AbortSignal.abort());
}

test('a gateway that leaks gets one finding an hour, with where and what, never the value', async () => {
  const { store, leaks, findings, stopAndTell } = setUp();
  leaks.note(aLeak());
  leaks.note(aLeak({ field: 'user_agent', kind: 'jwt' }));
  await stopAndTell();
  leaks.note(aLeak());
  await stopAndTell();
  expect(findings()).toMatchObject([
    {
      subject: { kind: 'gateway', id: 'edge-1' },
      evidence: { observed: { secrets: 2, fields: ['path', 'user_agent'], kinds: ['github', 'jwt'] } },
    },
  ]);
  expect(store.rows('findings_v1')).toHaveLength(1);
});

test('another gateway and another hour get findings of their own', async () => {
  const { leaks, findings, stopAndTell } = setUp();
  leaks.note(aLeak());
  leaks.note(aLeak({ gateway: 'edge-2' }));
  leaks.note(aLeak({ arrivedAtMs: testArrival + 3_600_000 }));
  await stopAndTell();
  expect(new Set(findings().map(({ finding_id }) => finding_id)).size).toBe(3);
});

test('while the store is down nothing is forgotten', async () => {
  const { store, leaks, findings, stopAndTell } = setUp();
  store.down = true;
  leaks.note(aLeak());
  await stopAndTell();
  expect(findings()).toEqual([]);
  store.down = false;
  await stopAndTell();
  expect(findings()).toHaveLength(1);
});

test('made-up gateway names need bounded memory', async () => {
  const { leaks, findings, stopAndTell } = setUp();
  for (let i = 0; i < 3_000; i++) leaks.note(aLeak({ gateway: `gateway ${i}` }));
  await stopAndTell();
  expect(findings()).toHaveLength(1_001);
  expect(findings().at(-1)).toMatchObject({
    subject: { id: '(others)' },
    evidence: { observed: { secrets: 2_000 } },
  });
});
