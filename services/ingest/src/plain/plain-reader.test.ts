import { outcomes, RequestEvent } from '@tripkey/contract';
import { anEvent } from '@tripkey/contract/testing';
import { RequestBlock, type RequestRow } from '@tripkey/store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RepeatMarker } from '../repeats/repeat-marker.ts';
import { aPipeline, testArrival } from '../testing/index.ts';
import { aSecret } from '../testing/secret-samples.ts';
import type { PlainReader } from './plain-reader.ts';
import { fieldOf } from './plain-scanner.ts';

const topic = 't';
const known = { account_id: 'acct_of_registry', app_id: '' };
const registry = { get: (keyId: string) => (keyId === 'key_known' ? known : undefined) };

/** Takes messages as ingest does, one way or the other. */
function aReader() {
  const pipeline = aPipeline({ registry });
  const plain = pipeline.plainReader(topic) as PlainReader;
  const repeats = new RepeatMarker(1_024);
  repeats.begin(0, true);
  let offset = 0;
  const begin = () => {
    const position = { topic, partition: 0, offset: BigInt(offset) };
    return { position, sent: { partition: 0, offset: offset++, atMs: testArrival, onlyHere: true } };
  };
  return {
    /** The row of the fast way, or null. */
    fast(message: Uint8Array): RequestRow | null {
      const { position, sent } = begin();
      const block = new RequestBlock();
      const around = Buffer.concat([Buffer.from('{"'), message, Buffer.from('"}')]);
      if (!plain.take(around, 2, 2 + message.length, position, testArrival, sent, repeats, block)) {
        expect(block.rows).toBe(0);
        offset--;
        return null;
      }
      expect(block.rows).toBe(1);
      return [...block][0]!;
    },
    /** The rows of the way that everything else takes. */
    slow(message: Uint8Array): RequestRow[] {
      const { position, sent } = begin();
      const { rows } = pipeline.take(message, position, testArrival, {});
      const block = new RequestBlock();
      for (const row of rows) {
        repeats.mark(row, sent);
        block.push(row);
      }
      return [...block];
    },
  };
}

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`)).map((text) => text);
const oddText = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.uuid(),
  hex(32),
  aSecret.map(({ text }) => text),
  fc.constantFrom(
    '',
    'a\\b',
    '"',
    '/v1/leads/7?token=abcdef123456',
    'https://x.example/a',
    'whsec_abcdefgh/ijklmnopq',
  ),
);
const oddNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.maxSafeNat(),
  fc.constantFrom(0, -0, 0.1, 1e21, 1e-7, 2 ** 53 - 1, 599, 600, 123_456.789, 86_400_000 * 40),
);
const addresses = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('10.0.0.1:80', '::ffff:1.2.3.4', 'unknown'));
const times = fc.oneof(
  fc
    .date({ noInvalidDate: true, min: new Date(testArrival - 1e9), max: new Date(testArrival + 1e6) })
    .map((at) => at.toISOString()),
  fc.integer({ min: testArrival - 1e9, max: testArrival + 1e6 }),
  fc.constantFrom(
    '2026-03-02T10:00:61.000Z',
    '2026-03-02T10:00:00Z',
    '2026-03-02T10:00:00+01:00',
    '2026-02-31T10:00:00.000Z',
    '2026-03-02t10:00:0x.000Z',
    7,
  ),
);
const odd: Record<string, fc.Arbitrary<unknown>> = {
  event_id: fc.oneof(oddText, fc.uuid()),
  ts: fc.oneof(times, oddText),
  key_id: fc.oneof(oddText, fc.constant('key_known')),
  account_id: oddText,
  app_id: oddText,
  method: fc.oneof(oddText, fc.constantFrom('get', 'PATCH')),
  route: fc.oneof(oddText, fc.constantFrom('/v1/deals', '/v1/x/{id}/notes')),
  path: fc.oneof(
    oddText,
    fc.uuid().map((id) => `/v1/leads/${id}/notes`),
    fc.webPath(),
  ),
  status: fc.oneof(oddNumber, fc.integer({ min: 100, max: 599 })),
  outcome: fc.oneof(oddText, fc.constantFrom(...outcomes)),
  client_ip: fc.oneof(addresses, oddText),
  user_agent: oddText,
  bytes_in: oddNumber,
  bytes_out: oddNumber,
  latency_ms: oddNumber,
  cost: oddNumber,
  gateway: oddText,
  gateway_seq: oddNumber,
  trace_id: fc.oneof(oddText, hex(32)),
  tags: fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 })),
  unheard_of: fc.anything(),
};

/** An event of which some fields are odd or missing, as JSON that some writer could make. */
const messages = fc
  .tuple(
    fc
      .subarray(Object.keys(odd), { maxLength: 4 })
      .chain((fields) =>
        fc.record(
          Object.fromEntries(fields.map((field) => [field, fc.oneof(odd[field]!, fc.constant(undefined))])),
        ),
      ),
    fc.constantFrom<string | number | undefined>(undefined, undefined, undefined, undefined, 1),
    fc.boolean(),
  )
  .map(([changes, space, reversed]) => {
    const entries = Object.entries({ ...anEvent({ trace_id: 'a1', cost: 1.5, gateway_seq: 7 }), ...changes });
    return JSON.stringify(Object.fromEntries(reversed ? entries.toReversed() : entries), null, space);
  });
/** Some of them with a byte that is another one, or without their end. */
const spoiled = fc
  .tuple(messages, fc.nat(), fc.option(fc.integer({ min: 0, max: 255 }), { freq: 3 }), fc.nat(30))
  .map(([text, place, byte, cut]) => {
    const message = Buffer.from(text);
    if (byte === null) return message;
    message[place % message.length] = byte;
    return cut === 0 ? message.subarray(0, place % message.length) : message;
  });

test('what it takes comes out as the row that the pipeline makes, and is told apart from repeats in the same way', () => {
  let taken = 0;
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof({ weight: 4, arbitrary: messages.map(Buffer.from) }, { weight: 1, arbitrary: spoiled }),
        {
          minLength: 20,
          maxLength: 60,
        },
      ),
      (list) => {
        const [mixed, slow] = [aReader(), aReader()];
        for (const message of [...list, ...list]) {
          const expected = slow.slow(message);
          const row = mixed.fast(message);
          if (row) taken++;
          expect(row ? [row] : mixed.slow(message)).toEqual(expected);
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(taken).toBeGreaterThan(1_000);
});

const bytesOf = (event: object) => Buffer.from(JSON.stringify(event));

test('the usual event is taken once its route is known, with all fields and with few', () => {
  const reader = aReader();
  const { account_id: _account, app_id: _app, gateway: _gateway, ...few } = anEvent({ key_id: 'key_known' });
  for (const event of [anEvent({ outcome: 'valid', gateway_seq: 7, trace_id: 'a1' }), few]) {
    reader.slow(bytesOf(event));
    expect(reader.fast(bytesOf(event))).not.toBeNull();
  }
  expect(reader.fast(bytesOf(few))).toMatchObject({
    account_id: 'acct_of_registry',
    app_id: '',
    is_repeat: 1,
  });
  expect(reader.fast(bytesOf(anEvent({ trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' })))).not.toBeNull();
  const uuid = '0192f0c4-7d3e-7abc-8def-0123456789ab';
  expect(reader.fast(bytesOf(anEvent({ path: `/v1/leads/${uuid}/notes` })))).not.toBeNull();
});

test('what is not sure is left to the pipeline', () => {
  const reader = aReader();
  reader.slow(bytesOf(anEvent()));
  const doubtful = [
    { route: '/v1/never-seen' },
    { path: '/v1/leads/7?page=2' },
    { event_id: '' },
    { tags: { team: 'forms' } },
    { client_ip: 'unknown' },
    { ts: '2026-03-02T10:30:00.000Z' },
    { user_agent: 'Bücher/1.0' },
  ];
  for (const changes of doubtful) expect(reader.fast(bytesOf(anEvent(changes)))).toBeNull();
  for (const text of ['', '{', '{}', '[]', '7', `[${JSON.stringify(anEvent())}]`]) {
    expect(reader.fast(Buffer.from(text))).toBeNull();
  }
});

test('it knows every field of the contract but tags: with a new one, all events would take the slow way', () => {
  expect([...Object.keys(fieldOf), 'tags'].toSorted()).toEqual(Object.keys(RequestEvent.shape).toSorted());
});
