import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Mapping } from './mapping.ts';
import { createFormatReader, type FormatName } from './read-format.ts';

// What the guide tells an operator to write is what ingest reads: the log formats are filled in and read.

const guide = readFileSync(new URL('../../../../docs/guides/gateways.md', import.meta.url), 'utf8');

/** The first block of code below a heading. */
function snippet(heading: string, language: string): string {
  const section = guide.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const code = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(section)?.[1];
  if (code === undefined) throw new Error(`no ${language} below "${heading}"`);
  return code;
}

/** What a gateway knows, under the names that its log format has for it. */
const known: Readonly<Record<string, string>> = {
  msec: '1772445600.123',
  request_id: 'b1946ac92492d2347c6235b4d2611184',
  request_method: 'GET',
  request_uri: '/v1/leads/1067?fields=all',
  status: '200',
  remote_addr: '203.0.113.7',
  http_user_agent: 'lead-sync/2.1',
  request_length: '214',
  bytes_sent: '1290',
  request_time: '0.035',
  server_name: 'api.example.com',
  hostname: 'edge-1',
  upstream_http_x_key_id: 'key_1',
  'context.requestId': 'b1946ac92492d2347c6235b4d2611184',
  'context.requestTimeEpoch': '1772445600123',
  'context.httpMethod': 'GET',
  'context.resourcePath': '/v1/leads/{id}',
  'context.path': '/v1/leads/1067',
  'context.status': '200',
  'context.responseLength': '1290',
  'context.responseLatency': '35',
  'context.identity.sourceIp': '203.0.113.7',
  'context.identity.userAgent': 'lead-sync/2.1',
  'context.identity.apiKeyId': 'key_1',
  'context.apiId': 'a1b2c3',
  'context.stage': 'prod',
  START_TIME: '2026-03-02T10:00:00.123Z',
  'REQ(:METHOD)': 'GET',
  'REQ(X-ENVOY-ORIGINAL-PATH?:PATH)': '/v1/leads/1067',
  RESPONSE_CODE: '200',
  RESPONSE_FLAGS: '-',
  DURATION: '35',
  BYTES_RECEIVED: '214',
  BYTES_SENT: '1290',
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: '203.0.113.7',
  'REQ(USER-AGENT)': 'lead-sync/2.1',
  UPSTREAM_CLUSTER: 'leads',
  'DYNAMIC_METADATA(envoy.filters.http.ext_authz:key_id)': 'key_1',
};

const fill = (format: string, variable: RegExp) =>
  format.replace(variable, (_, name: string) => known[name] ?? `no such variable: ${name}`);

const logs: Readonly<Record<string, () => unknown>> = {
  nginx: () => {
    const parts = [...snippet('NGINX', 'nginx').matchAll(/'([^']*)'/g)].map((match) => match[1]!);
    return JSON.parse(fill(parts.join(''), /\$(\w+)/g));
  },
  'aws-api-gateway': () => JSON.parse(fill(snippet('Amazon API Gateway', 'json'), /\$([\w.]+)/g)),
  envoy: () => {
    const [log] = parse(snippet('Envoy, Envoy Gateway, Istio', 'yaml')).access_log;
    const format: Record<string, string> = log.typed_config.log_format.json_format;
    return Object.fromEntries(Object.entries(format).map(([name, text]) => [name, fill(text, /%(.+?)%$/g)]));
  },
};

describe('the gateway guide', () => {
  test.each(Object.entries(logs))('a log line as it says for %s is read', (name, line) => {
    const leaks: string[] = [];
    const secrets = {
      keyId: (raw: string) => `hashed:${raw}`,
      seen: (field: string) => void leaks.push(field),
    };
    for (const format of ['auto', name as FormatName] as const) {
      const event = createFormatReader(format).read(line(), {}, 0, secrets);
      expect(event).toMatchObject({
        key_id: 'key_1',
        method: 'GET',
        client_ip: '203.0.113.7',
        user_agent: 'lead-sync/2.1',
      });
      expect(Number((event as { status: unknown }).status)).toBe(200);
      expect(Number((event as { latency_ms: unknown }).latency_ms)).toBe(35);
    }
    expect(leaks).toEqual([]);
  });

  test('its mapping can be used', () => {
    const mapping = Mapping.parse(parse(snippet('Anything else', 'yaml')));
    const line = {
      at: 1_772_445_600.123,
      auth: { key_id: 'key_1' },
      http: { verb: 'GET', target: '/v1/leads', code: 200 },
    };
    const secrets = { keyId: (raw: string) => raw, seen: () => {} };
    expect(createFormatReader('mapping', mapping).read(line, {}, 0, secrets)).toMatchObject({
      ts: 1_772_445_600_123,
      key_id: 'key_1',
      method: 'GET',
      path: '/v1/leads',
      status: 200,
    });
  });
});
