import { anEvent } from '@tripkey/contract/testing';
import { Metrics } from '@tripkey/service-kit';
import { requestColumns } from '@tripkey/store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visitElements } from './elements.ts';
import type { Leak } from './pipeline.ts';
import { aMessage, aPipeline, asText, testArrival } from './testing/index.ts';
import { aSecret } from './testing/secret-samples.ts';

const position = { topic: 'tripkey.requests.v1', partition: 3, offset: 42n };
const pipeline = aPipeline();
const take = (message: string | Uint8Array) =>
  pipeline.take(typeof message === 'string' ? Buffer.from(message) : message, position, testArrival);

describe('an event becomes a row', () => {
  test('with its position, its arrival and what could be derived', () => {
    const { rows, deadLetters } = take(aMessage({ status: 429 }));
    expect(deadLetters).toEqual([]);
    expect(rows).toMatchObject([
      {
        ts: Date.parse('2026-03-02T10:00:00.000Z'),
        outcome: 'rate_limited',
        client_ip: '::ffff:203.0.113.7',
        network: '203.0.113.0/24',
        agent_family: 'lead-sync',
        arrived_at: testArrival,
        _topic: 'tripkey.requests.v1',
        _partition: 3,
        _offset: 42n,
        _idx: 0,
      },
    ]);
  });

  test('without an id it gets one from its position, the same each time it is read', () => {
    const { event_id: _, ...event } = anEvent();
    expect(take(JSON.stringify([event, event])).rows.map((row) => row.event_id)).toEqual([
      'tripkey.requests.v1/3/42/0',
      'tripkey.requests.v1/3/42/1',
    ]);
  });

  test('without a route its path is templated, and no query is kept', () => {
    const { route: _, ...event } = anEvent({ path: '/v1/leads/1067?email=ada@example.com' });
    expect(take(JSON.stringify(event)).rows[0]).toMatchObject({
      route: '/v1/leads/{id}',
      path: '/v1/leads/1067',
    });
  });

  test('a clock that is far ahead is set to the arrival, and counted', async () => {
    const metrics = new Metrics();
    const { rows } = aPipeline({ metrics }).take(
      aMessage({ ts: '2030-01-01T00:00:00Z' }),
      position,
      testArrival,
    );
    expect(rows[0]?.ts).toBe(testArrival);
    expect(await metrics.text()).toContain('tripkey_ingest_repaired_total{what="ts_clamped"} 1');
  });

  test('account and application come from the registry when the event has none', () => {
    const registry = new Map([['key_forms_1', { account_id: 'acct_x', app_id: 'app_x' }]]);
    const { account_id: _a, ...event } = anEvent({ app_id: 'app_own' });
    const message = Buffer.from(JSON.stringify(event));
    const { rows } = aPipeline({ registry }).take(message, position, testArrival);
    expect(rows[0]).toMatchObject({ account_id: 'acct_x', app_id: 'app_own' });
  });

  test('sizes that the store could not take are made to fit', () => {
    const row = take(aMessage({ bytes_in: 1.5, bytes_out: 1e300 })).rows[0]!;
    expect([row.bytes_in, row.bytes_out]).toEqual([2, Number.MAX_SAFE_INTEGER]);
  });
});

describe('what is not an event becomes a dead letter', () => {
  test.each([
    ['', 'empty'],
    ['no json', 'not_json'],
    ['7', 'not_an_object'],
    ['{}', 'invalid_field'],
    [JSON.stringify(anEvent({ ts: 'soon' })), 'bad_time'],
    [JSON.stringify(anEvent({ ts: '2019-01-01T00:00:00Z' })), 'too_old'],
    [JSON.stringify({ ...anEvent(), status: '200' }), 'invalid_field'],
  ])('%s', (message, reason) => {
    const { rows, deadLetters } = take(message);
    expect(rows).toEqual([]);
    expect(deadLetters).toMatchObject([
      { reason, _topic: 'tripkey.requests.v1', _partition: 3, _offset: '42', _idx: 0 },
    ]);
  });

  test('one by one: the good neighbours in a batch are kept', () => {
    const { rows, deadLetters } = take(JSON.stringify([anEvent(), { bad: true }, anEvent()]));
    expect(rows.map((row) => row._idx)).toEqual([0, 2]);
    expect(deadLetters.map((letter) => letter._idx)).toEqual([1]);
  });

  test('it keeps fields of the contract only, and never names a value in its reason', () => {
    const letter = take(JSON.stringify({ ...anEvent(), status: 'hunter2', headers: { cookie: 'c' } }))
      .deadLetters[0]!;
    expect(letter.original).not.toContain('cookie');
    expect(letter.detail).toMatch(/^status: /);
    expect(letter.detail).not.toContain('hunter2');
  });
});

describe('a secret', () => {
  test('is reported with where it was, not what it was', () => {
    const leaks: Leak[] = [];
    const secret = `ghp_${'a1B2c3D4'.repeat(4)}`;
    aPipeline({ onLeak: (leak) => leaks.push(leak) }).take(
      aMessage({ key_id: secret }),
      position,
      testArrival,
    );
    expect(leaks).toMatchObject([{ gateway: 'edge-1', field: 'key_id', kind: 'github' }]);
    expect(asText(leaks)).not.toContain(secret);
  });

  test('in a URL goes, from what is used and from what is not', () => {
    const url = 'https://svc:Hunter2Pass@api.example.com/v1/leads?token=Hunter2Pass';
    const event = anEvent({ path: url, route: url, user_agent: `sync (${url})`, tags: { from: url } });
    const { event_id: _, ...broken } = { ...event, ts: 'soon' };
    for (const message of [JSON.stringify(event), JSON.stringify(broken), `${url} no JSON`]) {
      expect(asText(take(message))).not.toContain('er2Pass');
    }
    expect(take(JSON.stringify(event)).rows[0]).toMatchObject({ path: '/v1/leads', route: '/v1/leads' });
    const [letter] = take(JSON.stringify(broken)).deadLetters;
    expect(JSON.parse(letter!.original)).toMatchObject({ path: '/v1/leads', route: '/v1/leads' });
  });

  test('of a well-known form never reaches a row or a dead letter', () => {
    fc.assert(
      fc.property(aSecret, fc.boolean(), ({ text, secretPart }, broken) => {
        const event = {
          ...anEvent({
            key_id: text,
            path: `/hooks/${text}/x?key=${text}`,
            route: `/hooks/${text}`,
            user_agent: `sync/1.0 ${text}`,
            account_id: text,
            event_id: text,
            gateway: text,
            tags: { [text.slice(0, 64)]: text, note: `see ${text}` },
          }),
          apiKey: text,
          ...(broken ? { status: text } : {}),
        };
        const whole = JSON.stringify(event);
        for (const message of [whole, `[${whole}]`, whole.slice(0, -1)]) {
          const taken = take(message);
          expect(taken.rows.length + taken.deadLetters.length).toBe(1);
          expect(asText(taken)).not.toContain(secretPart);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('laws', () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.json().map((text) => Buffer.from(text)),
    fc.array(fc.json(), { maxLength: 5 }).map((lines) => Buffer.from(lines.join('\n'))),
    fc
      .array(fc.record({ ts: fc.anything(), key_id: fc.string(), status: fc.integer(), method: fc.string() }))
      .map((events) => Buffer.from(JSON.stringify(events) ?? '')),
  );

  test('whatever the bytes, nothing is thrown and every element is exactly one row or one dead letter', () => {
    fc.assert(
      fc.property(anything, (message) => {
        const elements = visitElements(message, { element() {}, unreadable() {} });
        const { rows, deadLetters } = take(message);
        const idx = [...rows, ...deadLetters].map((item) => item._idx).sort((a, b) => a - b);
        expect(idx).toEqual(Array.from({ length: elements }, (_, i) => i));
      }),
    );
  });

  test('a row has every column of the table, and no other', () => {
    const row = take(aMessage({ tags: { team: 'forms' }, gateway_seq: 7, cost: 0.5, trace_id: 't' }))
      .rows[0]!;
    expect(Object.keys(row).toSorted()).toEqual(requestColumns.toSorted());
  });
});
