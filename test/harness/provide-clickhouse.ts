import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { startEmbeddedClickHouse } from '@tripkey/clickhouse-embedded';
import { dockerAnswers } from './docker.ts';

export interface ProvidedClickHouse {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Where it comes from, in words. */
  readonly kind: string;
  close(): Promise<void>;
}

const image = 'clickhouse/clickhouse-server:26.8';

/** A ClickHouse for tests: the one in TRIPKEY_TEST_CLICKHOUSE_URL, else a container, else the embedded engine. */
export async function provideClickHouse(): Promise<ProvidedClickHouse> {
  const given = process.env.TRIPKEY_TEST_CLICKHOUSE_URL;
  if (given) {
    const { username, password, origin } = new URL(given);
    const user = { username: username || 'default', password: decodeURIComponent(password) };
    return { url: origin, ...user, kind: 'from TRIPKEY_TEST_CLICKHOUSE_URL', close: async () => {} };
  }
  return (await dockerAnswers()) ? clickHouseContainer() : embeddedClickHouse();
}

async function embeddedClickHouse(): Promise<ProvidedClickHouse> {
  const folder = mkdtempSync(`${tmpdir()}/tripkey-clickhouse-`);
  const engine = await startEmbeddedClickHouse({ folder });
  return {
    url: engine.url,
    username: 'default',
    password: '',
    kind: 'embedded engine',
    async close() {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function clickHouseContainer(): Promise<ProvidedClickHouse> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(image)
    .withExposedPorts(8123)
    .withEnvironment({ CLICKHOUSE_PASSWORD: 'test', CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT: '1' })
    .withWaitStrategy(Wait.forHttp('/ping', 8123))
    .start();
  return {
    url: `http://${container.getHost()}:${container.getMappedPort(8123)}`,
    username: 'default',
    password: 'test',
    kind: `container ${image}`,
    close: async () => void (await container.stop()),
  };
}
