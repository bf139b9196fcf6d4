import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlertingConfig, onStore } from '@tripkey/alerter';
import { type Api, ApiSettings, createApi, tablesForAnalysts } from '@tripkey/api';
import { startEmbeddedClickHouse } from '@tripkey/clickhouse-embedded';
import { jsonLogger, systemClock } from '@tripkey/service-kit';
import { ClickHouseConfig, KeyRegistry, migrate, openStore, type Store } from '@tripkey/store';
import { type Fleet, fillFleet } from './fill-fleet.ts';

/** API and console over a made-up fleet, on an embedded engine that is gone afterwards. */
export interface FleetApi extends AsyncDisposable {
  readonly url: string;
  readonly api: Api;
  readonly store: Store;
}

export async function openFleetApi(fleet: Fleet): Promise<FleetApi> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'tripkey-bench-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const analyst = { username: 'analyst', password: 'bench' };
  const users = {
    analyst: { password: analyst.password, readOnly: true, openTables: tablesForAnalysts },
  };
  const engine = opened.use(await startEmbeddedClickHouse({ folder, users, log: () => {} }));
  const clickhouse = ClickHouseConfig.parse({ url: engine.url });
  await migrate(clickhouse);
  const store = opened.use(openStore(clickhouse));
  const analysts = opened.use(openStore({ ...clickhouse, ...analyst }));
  await fillFleet(store, fleet);
  const registry = new KeyRegistry();
  await registry.refresh(store);

  // The API has to be told its own address, which is known once somebody listens.
  let answer: RequestListener = (_request, response) => void response.writeHead(503).end();
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const api = createApi({
    ...{ store, clickhouse, analysts, keys: registry, alerting: onStore(store) },
    ...{ config: AlertingConfig.parse({}), publicUrl: url, clock: systemClock },
    settings: ApiSettings.parse({ requestsPerMinute: 1_000_000 }),
    ...{ issuers: new Map(), issuerKinds: new Map(), ruleParams: {} },
    log: jsonLogger({ service: 'bench', level: 'error' }),
  });
  answer = api.router;
  const kept = opened.move();
  return { url, api, store, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
