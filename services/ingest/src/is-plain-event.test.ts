import { outcomes, RequestEvent } from '@tripkey/contract';
import { anEvent } from '@tripkey/contract/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPlainEvent } from './is-plain-event.ts';

const length = (at: number) =>
  fc.constantFrom(0, 1, at - 1, at, at + 1).map((n) => 'x'.repeat(Math.max(n, 0)));
const count = fc.constantFrom<unknown>(
  0,
  -0,
  -1,
  0.5,
  7,
  Number.MAX_SAFE_INTEGER,
  2 ** 60,
  1e308,
  Infinity,
  NaN,
  '1',
);
const anything = fc.oneof(fc.anything(), fc.constantFrom(undefined, null, '', [], {}));

/** Values at and beyond the limits of each field. */
const edges: { [Field in keyof RequestEvent]-?: fc.Arbitrary<unknown> } = {
  event_id: length(128),
  ts: fc.oneof(length(64), count),
  key_id: length(256),
  account_id: length(256),
  app_id: length(256),
  method: length(16),
  route: length(512),
  path: length(4_096),
  status: fc.constantFrom(99, 100, 200, 200.5, 599, 600, '200'),
  outcome: fc.constantFrom(...outcomes, 'VALID', 'toString'),
  client_ip: length(64),
  user_agent: length(1_024),
  bytes_in: count,
  bytes_out: count,
  latency_ms: count,
  cost: count,
  gateway: length(128),
  gateway_seq: count,
  trace_id: length(64),
  tags: fc.dictionary(fc.oneof(length(64), fc.constant('__proto__')), fc.oneof(length(256), anything)),
};

const elements = fc
  .record(
    Object.fromEntries(
      Object.entries(edges).map(([field, edge]) => [
        field,
        fc.oneof({ weight: 9, arbitrary: edge }, anything),
      ]),
    ),
    { requiredKeys: [] },
  )
  .chain((edge) => fc.subarray(Object.keys(edge)).map((fields) => [edge, fields] as const))
  .map(([edge, fields]) => ({
    ...anEvent(),
    ...Object.fromEntries(fields.map((field) => [field, edge[field]])),
  }));

test('what it accepts the schema accepts, and leaves as it is', () => {
  fc.assert(
    fc.property(elements, (element) => {
      if (!isPlainEvent(element)) return;
      const { success, data } = RequestEvent.safeParse(element);
      expect(success).toBe(true);
      for (const field of Object.keys(RequestEvent.shape) as (keyof RequestEvent)[]) {
        expect(data![field]).toEqual(element[field]);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('it knows every field that the schema knows', () => {
  expect(Object.keys(edges).toSorted()).toEqual(Object.keys(RequestEvent.shape).toSorted());
  for (const field of Object.keys(edges)) expect(isPlainEvent({ ...anEvent(), [field]: [] })).toBe(false);
});

test('the usual event is accepted, with all its fields and with only those that it needs', () => {
  expect(isPlainEvent(anEvent({ tags: { team: 'forms' }, gateway_seq: 7, outcome: 'valid' }))).toBe(true);
  expect(isPlainEvent({ ts: 1_772_445_600_000, key_id: 'k', method: 'GET', status: 200 })).toBe(true);
});
