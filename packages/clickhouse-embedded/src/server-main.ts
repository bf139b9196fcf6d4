#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { jsonLogger, runMain, stopSignal } from '@tripkey/service-kit';
import { startEmbeddedClickHouse } from './start-embedded-clickhouse.ts';

const usage = `Serves ClickHouse's HTTP interface, embedded, on one data folder.

  --folder F   data folder (made when absent)
  --port P     default 8123
  --host H     default 127.0.0.1; elsewhere a password is demanded

The password of the user "default" comes from TRIPKEY_CLICKHOUSE_PASSWORD.
`;

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      port: { type: 'string', default: '8123' },
      host: { type: 'string', default: '127.0.0.1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  if (values.folder === undefined) throw new Error(`--folder is missing\n\n${usage}`);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port ${values.port} is no port`);
  const password = process.env.TRIPKEY_CLICKHOUSE_PASSWORD ?? '';
  if (password === '' && !/^(127\.|::1$|localhost$)/.test(values.host)) {
    throw new Error(`listening on ${values.host} needs a password in TRIPKEY_CLICKHOUSE_PASSWORD`);
  }
  const log = jsonLogger({ service: 'clickhouse-embedded' });
  const stop = stopSignal(40_000);
  await using engine = await startEmbeddedClickHouse({
    folder: values.folder,
    port,
    host: values.host,
    password,
    log: (line) => log.info({}, line),
  });
  process.stdout.write(`ClickHouse ${engine.version} on ${engine.url}, data in ${values.folder}\n`);
  await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
});
