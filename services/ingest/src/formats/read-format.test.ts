import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { anEvent } from '@tripkey/contract/testing';
import { Metrics, readYamlFile } from '@tripkey/service-kit';
import type { RequestRow } from '@tripkey/store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Leak, PipelineParts, Taken } from '../pipeline.ts';
import { aPipeline, asText, testArrival } from '../testing/index.ts';
import type { RecordHeaders } from './gateway-format.ts';
import { Mapping } from './mapping.ts';
import { createFormatReader, type FormatName, formatHeader, formatNames } from './read-format.ts';

const position = { topic: 'tripkey.requests.v1', partition: 0, offset: 7n };
const ts = Date.parse('2026-03-02T10:00:00.123Z');

const fixturePath = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const fixture = (name: string) => JSON.parse(readFileSync(fixturePath(`${name}.json`), 'utf8'));
const mapping = Mapping.parse(readYamlFile(fixturePath('mapping.yaml')));

function take(element: unknown, parts: Partial<PipelineParts> = {}, headers: RecordHeaders = {}): Taken {
  return aPipeline(parts).take(Buffer.from(JSON.stringify(element)), position, testArrival, headers);
}
function rowOf(element: unknown, parts: Partial<PipelineParts> = {}, headers?: RecordHeaders): RequestRow {
  const { rows, deadLetters } = take(element, parts, headers);
  expect(deadLetters).toEqual([]);
  expect(rows).toHaveLength(1);
  return rows[0]!;
}
function leaksOf(element: unknown, parts: Partial<PipelineParts> = {}): string[] {
  const leaks: Leak[] = [];
  take(element, { ...parts, onLeak: (leak) => leaks.push(leak) });
  return leaks.map(({ field, kind }) => `${field}:${kind}`);
}

/** What every fixture says: the same lead read by lead-sync. */
const leadRead = {
  ts,
  method: 'GET',
  route: '/v1/leads/{id}',
  path: '/v1/leads/1067',
  status: 200,
  outcome: 'valid',
  client_ip: '::ffff:203.0.113.7',
  user_agent: 'lead-sync/2.1',
  bytes_out: 1290,
  latency_ms: 35,
};

const fixtures: [FormatName, Partial<RequestRow>][] = [
  [
    'kong',
    {
      event_id: 'b1946ac92492d2347c6235b4d2611184',
      key_id: '7b9a1f8e-52f4-4a4e-9f0b-0d7c3a5e1b20',
      account_id: 'acct_acme',
      bytes_in: 214,
      gateway: 'default',
      tags: { service: 'leads-api', route: 'leads' },
    },
  ],
  ['apisix', { key_id: 'acme_forms', bytes_in: 198, gateway: 'apisix-7d9f', latency_ms: 35.2 }],
  [
    'tyk',
    {
      key_id: expect.stringMatching(/^d3~[0-9a-f]{32}$/),
      account_id: '5e9d9544a1dcd60001d0ed20',
      bytes_out: 0,
    },
  ],
  [
    'envoy',
    { key_id: 'key_forms_1', gateway: 'api.acme.example', tags: { service: 'leads-api', route: 'leads' } },
  ],
  ['traefik', { key_id: 'key_forms_1', gateway: 'websecure' }],
  ['nginx', { key_id: 'key_forms_1', event_id: '7c3f5f1d4e1f4c0f8a9d1f0f5b6a7c8d', gateway: 'edge-1' }],
  [
    'aws-api-gateway',
    {
      key_id: 'k9x2m4p7qa',
      route: '/v1/leads/{leadId}',
      path: '/prod/v1/leads/1067',
      account_id: '123456789012',
    },
  ],
  [
    'otel',
    {
      key_id: 'key_forms_1',
      event_id: '4bf92f3577b34da6a3ce929d0e0e4736/00f067aa0ba902b7',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    },
  ],
];

describe.each(fixtures)('%s', (name, expected) => {
  test('what it writes becomes an event, whether it is configured or guessed', () => {
    const wanted = { ...leadRead, ...expected };
    expect(rowOf(fixture(name), { format: name })).toMatchObject(wanted);
    expect(rowOf(fixture(name), { formats: { [position.topic]: name } })).toMatchObject(wanted);
    expect(rowOf(fixture(name))).toMatchObject(wanted);
  });

  test('whatever is in its fields, it is read without an error into one row or one dead letter', () => {
    const names = Object.keys(fixture(name));
    const broken = fc.tuple(fc.subarray(names), fc.jsonValue(), fc.jsonValue()).map(([changed, a, b]) => ({
      ...fixture(name),
      ...Object.fromEntries(changed.map((field, i) => [field, i % 2 ? a : b])),
    }));
    fc.assert(
      fc.property(broken, (element) => {
        const { rows, deadLetters } = take(element, { format: name });
        expect(rows.length + deadLetters.length).toBe(1);
        expect(deadLetters.map((letter) => letter.reason)).not.toContain('internal_error');
      }),
      { numRuns: 50 },
    );
  });
});

describe('a raw key', () => {
  const rawKey = 'a key of no known form';
  test.each<[FormatName, object]>([
    ['tyk', { api_key: rawKey }],
    ['envoy', { key_id: undefined, 'x-api-key': rawKey }],
    ['traefik', { ClientUsername: '-', 'request_X-Api-Key': rawKey }],
    ['nginx', { http_x_key_id: '', http_x_api_key: rawKey }],
    ['aws-api-gateway', { apiKeyId: '-', apiKey: rawKey }],
  ])('of %s is hashed and reported', (format, changes) => {
    const element = { ...fixture(format), ...changes };
    expect(rowOf(element, { format }).key_id).toMatch(/^a ke~[0-9a-f]{32}$/);
    expect(leaksOf(element, { format })).toEqual(['key_id:raw_key']);
  });

  test('that a gateway logs beside the id is reported, and not taken', () => {
    const aws = { ...fixture('aws-api-gateway'), apiKey: rawKey };
    const kong = { ...fixture('kong') };
    kong.request = { ...kong.request, headers: { ...kong.request.headers, apikey: rawKey } };
    for (const element of [aws, kong]) expect(asText(take(element))).not.toContain(rawKey);
    expect(leaksOf(aws)).toEqual(['identity.apiKey:raw_key']);
    expect(leaksOf(kong)).toEqual(['headers:raw_key']);
  });

  test('in a query is reported, and not taken', () => {
    const event = anEvent({ path: `/v1/leads?api_key=${'s3cr3t'.repeat(3)}` });
    expect(asText(take(event))).not.toContain('s3cr3t');
    expect(leaksOf(event)).toEqual(['query:assignment']);
  });

  test('that Tyk has hashed is no leak; an id that the registry knows stays', () => {
    expect(leaksOf(fixture('tyk'))).toEqual([]);
    const registry = new Map([['d35fa2e1', { account_id: 'acct_x', app_id: '' }]]);
    expect(rowOf(fixture('tyk'), { registry }).key_id).toBe('d35fa2e1');
  });
});

describe('what access logs write instead of a value', () => {
  test('-1 and absent latencies, no status, no key', () => {
    const kong = fixture('kong');
    const row = rowOf({
      ...kong,
      latencies: { ...kong.latencies, request: -1 },
      response: { status: 0 },
      authenticated_entity: undefined,
      consumer: undefined,
    });
    expect(row).toMatchObject({ latency_ms: 0, status: 499, key_id: 'unknown', bytes_out: 0 });
  });

  test('texts that are too long are cut, so that nobody hides by a long agent', () => {
    const agent = 'sync '.repeat(1_000);
    const uri = `/v1/${'a/'.repeat(5_000)}`;
    const row = rowOf({ ...fixture('nginx'), http_user_agent: agent, request_uri: uri });
    expect(row.user_agent.length).toBeLessThanOrEqual(1_024);
    expect(row.path.length).toBeLessThanOrEqual(4_096);
  });
});

describe('CloudEvents', () => {
  const { data, ...envelope } = fixture('cloud-event');
  const wanted = { ...leadRead, event_id: envelope.id, gateway: '/gateways/edge-1', key_id: 'key_forms_1' };

  test('structured: the envelope completes the data', () => {
    expect(rowOf(fixture('cloud-event'))).toMatchObject(wanted);
    const base64 = Buffer.from(JSON.stringify(data)).toString('base64');
    expect(rowOf({ ...envelope, data_base64: base64 }, { format: 'cloudevents' })).toMatchObject(wanted);
  });

  const headers = Object.fromEntries(
    Object.entries(envelope).map(([name, value]) => [`ce_${name}`, String(value)]),
  );
  test('binary: the headers are the envelope', () => {
    expect(rowOf(data, {}, headers)).toMatchObject(wanted);
  });

  test('binary: elements of one message have ids of their own', () => {
    const { rows } = take([data, data], {}, headers);
    expect(rows.map((row) => row.event_id)).toEqual([envelope.id, `${envelope.id}/1`]);
  });

  test('the data may be in any format', () => {
    expect(rowOf({ ...envelope, data: fixture('kong') })).toMatchObject({ ...leadRead, gateway: 'default' });
  });
});

describe('an OTLP export', () => {
  const inner = { ...fixture('otel'), kind: 1 };
  const scopeSpans = [{ spans: [fixture('otel'), inner] }, { spans: [fixture('otel')] }];
  const resource = { attributes: [{ key: 'service.instance.id', value: { stringValue: 'edge-9' } }] };
  const exported = { resourceSpans: [{ resource, scopeSpans }] };

  test('gives an event for each request to a server, and counts the rest', async () => {
    const metrics = new Metrics();
    const { rows, deadLetters } = take([exported, anEvent()], { metrics });
    expect(deadLetters).toEqual([]);
    expect(rows.map((row) => [row._idx, row.gateway])).toEqual([
      [0, 'edge-9'],
      [1, 'edge-9'],
      [2, 'edge-1'],
    ]);
    expect(await metrics.text()).toContain('tripkey_ingest_events_total{result="skipped"} 1');
  });
});

describe('a mapping', () => {
  test('reads a gateway that we do not know', () => {
    expect(rowOf(fixture('mapped'), { format: 'mapping', mapping })).toMatchObject({
      ...leadRead,
      key_id: expect.stringMatching(/^a to~[0-9a-f]{32}$/),
      gateway: 'our-proxy',
      tags: { service: 'leads-api' },
    });
  });

  test('that lacks a field which events need is refused', () => {
    expect(() => Mapping.parse({ fields: { ts: 'at' } })).toThrow('needs ts, key_id, method and status');
    expect(() => createFormatReader('mapping')).toThrow(RangeError);
  });
});

test('a native record is read as such in a topic of another format, when its header says so', () => {
  for (const format of formatNames) {
    expect(rowOf(anEvent(), { format, mapping }, { [formatHeader]: 'native' }).key_id).toBe('key_forms_1');
  }
});

test('a dead letter of a gateway keeps what was understood', () => {
  const { deadLetters } = take({ ...fixture('kong'), started_at: 'soon' });
  expect(deadLetters).toMatchObject([{ reason: 'invalid_field', detail: expect.stringContaining('ts') }]);
  expect(JSON.parse(deadLetters[0]!.original)).toMatchObject({ method: 'GET', status: 200 });
});
