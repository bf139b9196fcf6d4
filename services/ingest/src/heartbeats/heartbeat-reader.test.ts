import { aHeartbeat } from '@tripkey/contract/testing';
import { Metrics } from '@tripkey/service-kit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Leak } from '../pipeline.ts';
import { aHeartbeatReader, asText } from '../testing/index.ts';
import { aSecret } from '../testing/secret-samples.ts';

const position = { topic: 'heartbeats', partition: 0, offset: 7n };
const arrivedAt = Date.parse('2026-03-02T10:00:01.000Z');

function take(message: unknown, reader = aHeartbeatReader()) {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return reader.take(Buffer.from(text), position, arrivedAt, arrivedAt - 500);
}

test('a heartbeat is a row, heard of on our clock, with the reasons for which something was lost', () => {
  const dropped = { buffer_full: 12, invalid: 0 };
  const { rows, deadLetters } = take([
    aHeartbeat({ dropped }),
    aHeartbeat({ gateway: 'edge-2', ended: true }),
  ]);
  expect(deadLetters).toEqual([]);
  expect(rows).toEqual([
    {
      ...{ gateway: 'edge-1', emitter: '@tripkey/emitter 0.1.0', every_s: 30, ended: 0 },
      ...{
        started_at: Date.parse('2026-03-02T09:00:00.000Z'),
        sent_at: Date.parse('2026-03-02T10:00:00.000Z'),
      },
      ...{ heard_at: arrivedAt - 500, emitted: 3_600, sent: 3_600, waiting: 0, retries: 0 },
      dropped: { buffer_full: 12 },
    },
    expect.objectContaining({ gateway: 'edge-2', ended: 1, dropped: {} }),
  ]);
});

test.each([
  ['not_json', 'no JSON'],
  ['empty', ''],
  ['not_an_object', '7'],
  ['invalid_field', aHeartbeat({ gateway: '' })],
  ['bad_time', aHeartbeat({ started_at: '1970-01-01T00:00:00Z' })],
  ['bad_time', aHeartbeat({ started_at: '2026-03-04T10:00:00Z' })],
  ['bad_time', aHeartbeat({ sent_at: '9999-12-31T23:59:59Z' })],
])('what is none is a dead letter with the reason %s', async (reason, message) => {
  const metrics = new Metrics();
  const { rows, deadLetters } = take(message, aHeartbeatReader({ metrics }));
  expect(rows).toEqual([]);
  expect(deadLetters).toMatchObject([{ reason, _topic: 'heartbeats', _offset: '7', _idx: 0 }]);
  expect(await metrics.text()).toContain('tripkey_ingest_heartbeats_total{result="rejected"} 1');
});

test('one that is broken costs itself only, and keeps its fields for who looks', () => {
  const { rows, deadLetters } = take([aHeartbeat({ emitted: -1 }), aHeartbeat()]);
  expect(rows).toHaveLength(1);
  expect(deadLetters).toMatchObject([{ _idx: 0, detail: expect.stringMatching(/^emitted: /) }]);
  expect(JSON.parse(deadLetters[0]!.original)).toMatchObject({ gateway: 'edge-1', emitted: -1, sent: 3_600 });
});

test('a secret is in no row and no dead letter, and the gateway is told of', () => {
  fc.assert(
    fc.property(aSecret, fc.constantFrom('gateway', 'emitter'), fc.boolean(), (secret, field, isBroken) => {
      const leaks: Leak[] = [];
      const reader = aHeartbeatReader({ onLeak: (leak) => leaks.push(leak) });
      const beat = { ...aHeartbeat({ [field]: secret.text }), ...(isBroken && { sent: 'all' }) };
      fc.pre(secret.text.length <= 128);
      const taken = take(beat, reader);
      expect(taken.rows.length + taken.deadLetters.length).toBe(1);
      expect(asText(taken)).not.toContain(secret.secretPart);
      expect(leaks.length).toBeGreaterThan(0);
    }),
  );
});

test('whatever comes, each element is one row or one dead letter', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.anything(), fc.constant(aHeartbeat())), { minLength: 1 }),
      (elements) => {
        const text = JSON.stringify(elements);
        const { rows, deadLetters } = take(text);
        expect(rows.length + deadLetters.length).toBe((JSON.parse(text) as unknown[]).length);
      },
    ),
  );
});
