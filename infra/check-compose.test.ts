import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

// Where no Docker engine runs, this is what stands between a mistake in the container files and its first victim: the
// file against its schema, what it refers to against what is there, and the commands of the services run without a
// container.

interface Service {
  image: string;
  build?: { context: string; dockerfile: string };
  command?: string[];
  environment?: Record<string, unknown>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  volumes?: string[];
  configs?: { source: string; target: string }[];
  profiles?: string[];
  restart?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
}
interface Compose {
  services: Record<string, Service>;
  configs: Record<string, { file: string }>;
  volumes: Record<string, unknown>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build);
const isJob = (service: Service) => service.restart === 'no';

describe('the compose files', () => {
  test.each(['docker-compose.yml', 'infra/docker/slack.compose.yaml'])(
    '%s is a Compose file by the schema of the specification',
    (path) => {
      const schemaUrl = import.meta.resolve('docker-compose/schema/compose-spec.json');
      const { $schema: _, ...schema } = JSON.parse(readFileSync(fileURLToPath(schemaUrl), 'utf8'));
      const check = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
      check(parse(read(path), { merge: true }));
      expect(check.errors ?? []).toEqual([]);
    },
  );

  test('images are pinned to a version', () => {
    for (const [name, { image, build }] of services) {
      if (!build) expect(image, name).toMatch(/:v?\d+\.\d+/);
    }
  });

  test('tests run on the same Kafka and ClickHouse where they run in containers', () => {
    expect(read('test/harness/provide-kafka.ts')).toContain(`'${compose.services.kafka!.image}'`);
    expect(read('test/harness/provide-clickhouse.ts')).toContain(`'${compose.services.clickhouse!.image}'`);
  });

  test('what a service waits for exists and can come to the state that is waited for', () => {
    for (const [name, { depends_on = {} }] of services) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const needed = compose.services[other];
        expect(needed, `${name} waits for ${other}`).toBeDefined();
        if (condition === 'service_healthy') expect(needed?.healthcheck, other).toBeDefined();
        else expect(isJob(needed!), `${other} ends by itself`).toBe(true);
      }
    }
  });

  test('volumes, configs and their files exist', () => {
    for (const [name, { volumes = [], configs = [] }] of services) {
      for (const [volume = ''] of volumes.map((text) => text.split(':'))) {
        if (volume.startsWith('./')) expect(existsSync(join(root, volume)), volume).toBe(true);
        else expect(compose.volumes, name).toHaveProperty(volume);
      }
      for (const { source } of configs) expect(compose.configs, name).toHaveProperty(source);
    }
    for (const { file } of Object.values(compose.configs))
      expect(existsSync(join(root, file)), file).toBe(true);
  });

  test('everything that keeps running tells whether it is well', () => {
    for (const [name, service] of services) expect(Boolean(service.healthcheck), name).toBe(!isJob(service));
  });

  test('our services run without privileges on a root that cannot be written', () => {
    for (const [name, service] of ours) {
      expect(service, name).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    }
  });

  test('a secret is never written into it', () => {
    for (const [name, { environment = {} }] of ours) {
      for (const variable of Object.keys(environment)) {
        if (/PASSWORD|TOKEN|SECRET|PEPPER/.test(variable)) expect(variable, name).toMatch(/_FILE$/);
      }
    }
  });

  test('every health check asks the port on which its service answers', () => {
    for (const [name, { environment = {}, healthcheck }] of ours) {
      const port = environment.TRIPKEY_HEALTH__PORT;
      if (port !== undefined) expect(healthcheck?.test.at(-1), name).toBe(`http://127.0.0.1:${port}/readyz`);
    }
  });
});

describe('the image', () => {
  const dockerfile = read('infra/docker/Dockerfile');

  test('holds what the services and their health checks start', () => {
    const ignored = read('.dockerignore').split('\n');
    for (const [name, { command = [], healthcheck, build }] of ours) {
      expect(existsSync(join(root, build!.dockerfile)), name).toBe(true);
      const scripts = [...command, ...(healthcheck?.test ?? [])].filter((word) => /\.(ts|mjs)$/.test(word));
      expect(scripts.length, name).toBeGreaterThan(0);
      for (const script of scripts) {
        expect(existsSync(join(root, script)), script).toBe(true);
        expect(
          ignored.some((line) => line.startsWith('!') && script.startsWith(`${line.slice(1)}/`)),
          `${script} is let in by .dockerignore`,
        ).toBe(true);
      }
    }
  });

  test('does not run as root', () => {
    expect(dockerfile).toMatch(/^USER 10001:10001$/m);
  });
});

describe('the commands of the services', () => {
  const long = ours.filter(([, { command = [] }]) => command[0]?.startsWith('services/'));

  test.each(long)(
    '%s refuses a configuration that it cannot use, and names the fault',
    async (_, service) => {
      const ended = await run(service.command!, { TRIPKEY_CONFIG: '/nonexistent/tripkey.yaml' });
      expect(ended.stderr).toContain('there is no file /nonexistent/tripkey.yaml');
      expect(ended.code).toBe(2);
    },
  );

  test.each(long)('%s finds nothing amiss in what the compose file gives it', async (_, service) => {
    const folder = mkdtempSync(join(tmpdir(), 'tripkey-compose-'));
    try {
      const ended = await run(service.command!, { ...asInContainer(service, folder), ...spoilt });
      expect(faultsOf(ended.stderr)).toEqual(faultsOf(ended.stderr).filter((path) => path in spoiltPaths));
      expect(faultsOf(ended.stderr).length).toBeGreaterThan(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a health check of a service that is not there fails', async () => {
    const ended = await run(['infra/docker/healthcheck.mjs', 'http://127.0.0.1:1/readyz']);
    expect(ended.code).toBe(1);
  });
});

/** One fault of our own, so that the configuration is read and nothing is started; each service has one of them. */
const spoilt = {
  TRIPKEY_HEALTH__PORT: 'none',
  TRIPKEY_RETENTION__RAW_DAYS: 'none',
  TRIPKEY_KEY_CACHE_TTL_MS: 'none',
};
const spoiltPaths = { 'health.port': true, 'retention.rawDays': true, keyCacheTtlMs: true };

/** The environment that a service has in its container, with files of this machine. */
function asInContainer({ environment = {} }: Service, folder: string): Record<string, string> {
  const secret = join(folder, 'secret');
  writeFileSync(secret, 'x'.repeat(43));
  const inContainer = Object.entries(environment).map(([name, value]) => [
    name,
    name.endsWith('_FILE') ? secret : String(value),
  ]);
  const config = join(root, compose.configs.tripkey!.file);
  return { ...Object.fromEntries(inContainer), TRIPKEY_CONFIG: config };
}

/** The paths that a refused configuration is refused for. */
function faultsOf(stderr: string): string[] {
  return [...stderr.matchAll(/^ {2}- ([^:]+):/gm)].map((match) => match[1]!);
}

function run(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', ...env },
    timeout: 60_000,
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  return new Promise<{ code: number | null; stderr: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stderr }));
  });
}
