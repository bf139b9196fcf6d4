import { expect, test } from 'vitest';
import { anEngine } from '../testing/engine-under-test.ts';

test('clients that go away at any moment of their query do not take the engine down', async () => {
  await using under = await anEngine();
  await under.post(
    'CREATE TABLE t ENGINE = MergeTree ORDER BY a AS SELECT number AS a, toString(number) AS b FROM numbers(100000)',
  );
  const { pid } = under.engine;
  const sql = 'SELECT a, b FROM t WHERE a % 7 = 1 FORMAT JSONEachRow';
  for (let ms = 0; ms < 150; ms++) {
    const gone = AbortSignal.timeout(ms % 30);
    const asking = fetch(under.engine.url, { method: 'POST', body: sql, signal: gone });
    await asking.then((response) => response.text()).catch(() => {});
    // What was left behind is found by the garbage collection of the engine's process.
    if (ms % 10 === 0)
      expect((await under.post("SELECT repeat('x', 1000) FROM numbers(5000) FORMAT JSON")).status).toBe(200);
  }
  expect((await under.post('SELECT 1')).text).toBe('1\n');
  expect(under.engine.pid).toBe(pid);
});
