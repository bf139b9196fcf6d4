import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkConfig, redacted } from './check-config.ts';
import { configSchema } from './config-schema.ts';
import { serviceConfigs } from './service-configs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tripkey-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An environment whose file says this. */
function withFile(yaml: string): NodeJS.ProcessEnv {
  const path = join(folder, 'tripkey.yaml');
  writeFileSync(path, yaml);
  return { TRIPKEY_CONFIG: path, TRIPKEY_PIPELINE__PEPPER: 'made-up-pepper-of-32-characters!' };
}

describe('a configuration', () => {
  test('that the compose file uses can be used by every service', () => {
    const example = readFileSync(new URL('../../../../infra/docker/tripkey.yaml', import.meta.url), 'utf8');
    expect(checkConfig(withFile(example))).toEqual({ general: [], services: {}, ok: true });
  });

  test('with a setting that no service knows is refused, by its path', () => {
    const { general, ok } = checkConfig(
      withFile('kafka: { brokrs: [a:9092] }\ndetector: { rules: { x: { y: 1 } } }\n'),
    );
    expect(general).toEqual(['kafka.brokrs: no service knows this setting']);
    expect(ok).toBe(false);
  });

  test('beside which somebody has a token to ask the API with is in order', () => {
    const env = { ...withFile('{}'), TRIPKEY_API_URL: 'http://127.0.0.1:8080', TRIPKEY_API_TOKEN: 'made-up' };
    expect(checkConfig(env)).toEqual({ general: [], services: {}, ok: true });
  });

  test('that one service cannot use is said to be so for that service, without the value', () => {
    const report = checkConfig(withFile('detector: { tickMs: 5 }\nslack: { token: not-a-token-at-all }\n'));
    expect(Object.keys(report.services)).toEqual(['detector', 'alerter']);
    expect(JSON.stringify(report)).not.toContain('not-a-token-at-all');
  });

  test('of which a secret is missing is refused only by who needs it', () => {
    const { TRIPKEY_PIPELINE__PEPPER: _, ...env } = withFile('{}');
    expect(Object.keys(checkConfig(env).services)).toEqual(['ingest']);
  });
});

test('what is printed holds no secret: not as a field, not in a URL', () => {
  const secrets = ['made-up-1', 'made-up-2', 'made-up-3', 'made-up-4', 'made-up-5'];
  const printed = redacted({
    clickhouse: { url: `http://user:${secrets[0]}@host:8123/x`, password: secrets[1], database: 'tripkey' },
    kafka: {
      sasl: { mechanism: 'plain', username: 'tripkey', password: secrets[2] },
      tls: { key: secrets[3] },
    },
    issuers: { main: { url: 'https://issuer.example', token: secrets[4] } },
  });
  const text = JSON.stringify(printed);
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(printed).toMatchObject({
    clickhouse: { database: 'tripkey', password: '[set]' },
    kafka: { sasl: { username: 'tripkey' } },
  });
});

test('the schema for editors is the one of this release, and has a place for every setting of every service', () => {
  const kept = JSON.parse(
    readFileSync(new URL('../../../../infra/docker/tripkey.schema.json', import.meta.url), 'utf8'),
  );
  expect(kept, 'run: npx tripkey config schema > infra/docker/tripkey.schema.json').toEqual(configSchema());
  for (const config of Object.values(serviceConfigs)) {
    const names = Object.keys(config.shape);
    expect(names.filter((name) => !(name in (configSchema().properties ?? {})))).toEqual([]);
  }
});
