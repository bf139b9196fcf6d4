import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually } from '@tripkey/service-kit/testing';
import { expect, test } from 'vitest';
import { loadNative } from './engine/native.ts';
import { startEmbeddedClickHouse } from './start-embedded-clickhouse.ts';
import { anEngine } from './testing/engine-under-test.ts';

const slow = 120_000;
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test(
  'data outlive a clean stop, and the next start says that it was clean',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tripkey-engine-'));
    {
      const first = await startEmbeddedClickHouse({ folder });
      expect([first.lastStopClean, first.uncleanStops]).toEqual([true, 0]);
      await post(first.url, 'CREATE TABLE kept (a UInt8) ENGINE = MergeTree ORDER BY a');
      await post(first.url, 'INSERT INTO kept VALUES (1)');
      await first.close();
      expect(isAlive(first.pid)).toBe(false);
    }
    await using under = await anEngine({ folder });
    expect([under.engine.lastStopClean, under.engine.uncleanStops]).toEqual([true, 0]);
    expect((await under.post('SELECT a FROM kept')).text).toBe('1\n');
    expect((await under.post('SHOW DATABASES')).text).toContain('tripkey\n');
  },
  slow,
);

test(
  'a killed engine is back on the same port, with its data, and says that it was killed',
  async () => {
    const { promise: restarted, resolve } = Promise.withResolvers<void>();
    await using under = await anEngine({ onRestart: () => resolve() });
    const { engine, post } = under;
    await post('CREATE TABLE kept (a UInt8) ENGINE = MergeTree ORDER BY a');
    await post('INSERT INTO kept VALUES (1)');
    const before = { url: engine.url, pid: engine.pid };
    engine.kill9();
    await restarted;
    expect(engine.url).toBe(before.url);
    expect(engine.pid).not.toBe(before.pid);
    expect([engine.restarts, engine.lastStopClean, engine.uncleanStops]).toEqual([1, false, 1]);
    const answer = await post('SELECT a FROM kept');
    expect(answer.text).toBe('1\n');
    expect(answer.headers.get('x-tripkey-engine-unclean-stops')).toBe('1');
    const status = await (await fetch(`${engine.url}/tripkey/status`)).json();
    expect(status).toMatchObject({ last_stop_clean: false, unclean_stops: 1, starts: 2, connections: 0 });
  },
  slow,
);

test(
  'without restartOnCrash a dead engine stays dead, and the handle can still be closed',
  async () => {
    const { promise: crashed, resolve } = Promise.withResolvers<string>();
    await using under = await anEngine({ restartOnCrash: false, onCrash: resolve });
    under.engine.kill9();
    expect(await crashed).toBe('SIGKILL');
    expect(under.engine.restarts).toBe(0);
  },
  slow,
);

test(
  'a second start on a folder names the folder and the process that holds it',
  async () => {
    await using under = await anEngine();
    const second = startEmbeddedClickHouse({ folder: under.folder, log: () => {} });
    await expect(second).rejects.toMatchObject({
      code: 'folder_in_use',
      message: expect.stringMatching(new RegExp(`${under.folder}.*process ${under.engine.pid}`)),
    });
    expect((await under.post('SELECT 1')).text).toBe('1\n');
  },
  slow,
);

test(
  'a port in use and a folder of which the engine cannot read the name are clear errors',
  async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const folder = mkdtempSync(join(tmpdir(), 'tripkey-engine-'));
    const { port } = other.address() as { port: number };
    await expect(startEmbeddedClickHouse({ folder, port })).rejects.toMatchObject({ code: 'port_in_use' });
    await expect(startEmbeddedClickHouse({ folder: `${folder}/{a}`, log: () => {} })).rejects.toThrow(
      'must not hold',
    );
    other.close();
    rmSync(folder, { recursive: true });
  },
  slow,
);

test('a platform without the library is told which ones have it, and about CLICKHOUSE_URL', () => {
  for (const [platform, arch] of [
    ['win32', 'x64'],
    ['linux', 'riscv64'],
    ['darwin', 'arm64'],
  ]) {
    if (platform === process.platform && arch === process.arch) continue;
    expect(() => loadNative(platform, arch)).toThrow(/Linux \(glibc\) and macOS.*CLICKHOUSE_URL/);
  }
});

test(
  'queries that run when the engine is closed are killed after a while, and the stop is clean',
  async () => {
    await using under = await anEngine();
    const endless = under.post('SELECT sum(sipHash64(number)) FROM numbers(1000000000000)');
    const running = endless.catch((error: unknown) => error);
    await eventually(async () =>
      expect(
        (await under.post("SELECT count() FROM system.processes WHERE query LIKE '%sipHash64%'")).text,
      ).toBe('2\n'),
    );
    await under.engine.close();
    await running;
    const again = await startEmbeddedClickHouse({ folder: under.folder });
    expect(again.lastStopClean).toBe(true);
    await again.close();
  },
  slow,
);

const main = fileURLToPath(new URL('./server-main.ts', import.meta.url));

test.each(['SIGTERM', 'SIGINT'] as const)(
  'the executable serves until %s and stops cleanly',
  async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), 'tripkey-engine-'));
    const child = spawn(process.execPath, [main, '--folder', folder, '--port', '0']);
    const url = await firstUrl(child.stdout);
    expect(await post(url, 'SELECT 1')).toBe('1\n');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    expect(await ended).toBe(0);
    await using under = await anEngine({ folder });
    expect(under.engine.lastStopClean).toBe(true);
  },
  slow,
);

test(
  'the engine does not outlive a parent that was killed, and stops cleanly',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tripkey-engine-'));
    const child = spawn(process.execPath, [main, '--folder', folder, '--port', '0']);
    const url = await firstUrl(child.stdout);
    const { pid } = (await (await fetch(`${url}/tripkey/status`)).json()) as { pid: number };
    child.kill('SIGKILL');
    await eventually(() => expect(isAlive(pid)).toBe(false));
    await using under = await anEngine({ folder });
    expect(under.engine.lastStopClean).toBe(true);
  },
  slow,
);

test('the executable refuses to serve the network without a password', async () => {
  const run = promisify(execFile)(process.execPath, [main, '--folder', '/nowhere', '--host', '0.0.0.0']);
  await expect(run).rejects.toThrow('TRIPKEY_CLICKHOUSE_PASSWORD');
});

async function firstUrl(output: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of output) {
    text += chunk;
    const url = /http:\S+:\d+/.exec(text)?.[0];
    if (url) return url;
  }
  throw new Error(`it ended without a URL: ${text}`);
}

async function post(url: string, body: string): Promise<string> {
  return (await fetch(url, { method: 'POST', body })).text();
}
