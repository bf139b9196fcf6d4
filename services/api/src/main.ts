import { createServer } from 'node:http';
import { onStore } from '@tripkey/alerter';
import {
  jsonLogger,
  listen,
  Metrics,
  readConfig,
  runMain,
  serveHealth,
  stopSignal,
  systemClock,
} from '@tripkey/service-kit';
import { KeyRegistry, openStore, requireSchema, storeReadiness } from '@tripkey/store';
import { ApiConfig } from './config.ts';
import { createApi } from './create-api.ts';
import { kindsOf } from './issuer-kinds.ts';

await runMain(async () => {
  const config = readConfig(ApiConfig, process.env);
  const log = jsonLogger({ service: 'api', level: config.log.level });
  const metrics = new Metrics({ process: true });
  const stop = stopSignal();

  await using store = openStore(config.clickhouse);
  const { username, password } = config.analyst;
  await using analysts = password ? openStore({ ...config.clickhouse, username, password }) : null;
  await using _health = await serveHealth({
    port: config.health.port,
    metrics,
    readiness: () => storeReadiness(store),
  });
  await requireSchema(store, { clock: systemClock, log }, stop);
  const publicUrl = config.api.publicUrl ?? `http://127.0.0.1:${config.http.port}`;
  const api = createApi({
    ...{ store, analysts, clickhouse: config.clickhouse, config, publicUrl, clock: systemClock, log },
    alerting: onStore(store),
    keys: new KeyRegistry(),
    settings: config.api,
    issuers: new Map(Object.entries(config.issuers)),
    issuerKinds: kindsOf(config.issuers),
    ruleParams: config.detector.rules,
  });
  await using _server = await listen(createServer(api.router), config.http);
  const link = await api.firstLink();
  if (link) process.stdout.write(`Sign in as the first admin, once, within an hour: ${link}\n`);
  log.info({ url: publicUrl }, 'the API is open');
  await api.run(stop);
});
