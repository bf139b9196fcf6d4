import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { topics } from '@tripkey/contract';
import { anEvent } from '@tripkey/contract/testing';
import { eventually } from '@tripkey/service-kit/testing';
import { countRows, migrate, openStore } from '@tripkey/store';
import { openKafka } from '@tripkey/stream/kafka';
import { expect, test } from 'vitest';
import { clickHouseConfig, describeWithOwnKafka, freePorts, startOwnKafka } from '../harness/index.ts';
import { metricsOfCode } from '../pages/metrics-of-code.ts';

const services = ['ingest', 'detector', 'alerter', 'api'] as const;
const keys = 3_000;
const eventsPerMessage = 50;
/** For what takes seconds on a machine that has nothing else to do. */
const patienceMs = 180_000;

/** A service as an orchestrator runs it. */
class Running {
  readonly child: ChildProcess;
  readonly health: string;
  said = '';

  constructor(service: string, healthPort: number, env: Record<string, string>) {
    const main = fileURLToPath(new URL(`../../services/${service}/src/main.ts`, import.meta.url));
    this.health = `http://127.0.0.1:${healthPort}`;
    this.child = spawn(process.execPath, [main], {
      env: { ...process.env, ...env, TRIPKEY_HEALTH__PORT: String(healthPort) },
    });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.said += text;
      });
  }

  async ready(): Promise<void> {
    await eventually(async () => {
      expect(this.child.exitCode, this.said).toBeNull();
      expect((await fetch(`${this.health}/readyz`)).status).toBe(200);
    }, patienceMs);
  }

  /** SIGTERM. @returns the exit code: a drain that takes longer than 25 s ends with 1 */
  async stop(): Promise<number | null> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
    return this.child.exitCode;
  }
}

/** Events of many keys, addresses, paths and agents; a third of them refused. */
function messages(count: number, from: number) {
  return Array.from({ length: count }, (_, message) => {
    const events = Array.from({ length: eventsPerMessage }, (_event, index) => {
      const n = (from + message) * eventsPerMessage + index;
      return anEvent({
        ...{ event_id: `event-${n}`, ts: new Date().toISOString(), key_id: `key_many_${n % keys}` },
        ...{ path: `/v1/leads/${n}`, route: `/v1/part-${n % 200}/{id}`, status: n % 3 === 0 ? 403 : 200 },
        ...{ client_ip: `203.0.${n % 250}.${n % 99}`, user_agent: `agent-${n % 500}/1.0` },
      });
    });
    return { key: `key_many_${message % keys}`, value: Buffer.from(JSON.stringify(events)) };
  });
}

describeWithOwnKafka('services as processes', () => {
  test('drain within 25 s of SIGTERM and lose nothing; their metrics are those that are written down, of few series', async () => {
    await using kafka = await startOwnKafka();
    const config = clickHouseConfig();
    await migrate(config);
    await using store = openStore(config);
    await using broker = await openKafka({ brokers: kafka.brokers, clientId: 'test' });
    await broker.ensureTopics([{ topic: topics.requests, partitions: 3 }]);
    const sink = broker.sink(topics.requests);
    const ports = await freePorts(services.length + 1);
    const env = {
      TRIPKEY_KAFKA__BROKERS: kafka.brokers.join(','),
      TRIPKEY_CLICKHOUSE__URL: config.url,
      TRIPKEY_CLICKHOUSE__USERNAME: config.username,
      TRIPKEY_CLICKHOUSE__PASSWORD: config.password,
      TRIPKEY_CLICKHOUSE__DATABASE: config.database,
      TRIPKEY_PIPELINE__PEPPER: 'made-up-pepper-of-32-characters!',
      TRIPKEY_DETECTOR__TICK_MS: '1000',
      TRIPKEY_HTTP__HOST: '127.0.0.1',
      // Whoever collects traces is away, which must not matter.
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    };
    const start = (service: (typeof services)[number]) =>
      new Running(service, ports[services.indexOf(service)]!, {
        ...env,
        ...(service === 'api' ? { TRIPKEY_HTTP__PORT: String(ports.at(-1)) } : {}),
      });
    const running = services.map(start);
    await using _ = {
      [Symbol.asyncDispose]: async () => {
        for (const { child } of running) child.kill('SIGKILL');
      },
    };
    await Promise.all(running.map((service) => service.ready()));

    await sink.send(messages(200, 0));
    await eventually(
      async () =>
        expect(await countRows(store, 'SELECT 1 FROM requests_raw_v1')).toBe(200 * eventsPerMessage),
      patienceMs,
    );
    await eventually(
      async () =>
        expect(await (await fetch(`${running[1]!.health}/metrics`)).text()).toMatch(
          /^tripkey_detector_keys [1-9]/m,
        ),
      patienceMs,
    );

    const declared = new Map(metricsOfCode().map((metric) => [metric.name, metric]));
    for (const [index, { health }] of running.entries()) {
      const text = await (await fetch(`${health}/metrics`)).text();
      const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      expect(text, services[index]).not.toMatch(/key_many|acct_|203\.0\.|\/v1\/|agent-\d|event-\d/);
      expect(series.length, services[index]).toBeLessThan(500);
      for (const [, name = '', type] of text.matchAll(/^# TYPE (tripkey_\w+) (\w+)$/gm))
        expect(declared.get(name)?.type, name).toBe(type);
    }

    // In the middle of its work: more is there than it has stored.
    await sink.send(messages(600, 200));
    expect(
      await Promise.all(running.map((service) => service.stop())),
      running.map(({ said }) => said).join(''),
    ).toEqual([0, 0, 0, 0]);
    const next = start('ingest');
    running.push(next);
    await eventually(
      async () =>
        expect(await countRows(store, 'SELECT 1 FROM requests_raw_v1')).toBe(800 * eventsPerMessage),
      patienceMs,
    );
    expect(await next.stop()).toBe(0);
  }, 600_000);
});
