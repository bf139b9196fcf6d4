import { createServer } from 'node:http';
import { AlertingConfig, onStore } from '@tripkey/alerter';
import { type Scope, scopesOf } from '@tripkey/contract/api';
import { listen, systemClock } from '@tripkey/service-kit';
import { silentLogger } from '@tripkey/service-kit/testing';
import { type ClickHouseConfig, KeyRegistry, migrate, openStore, type Store } from '@tripkey/store';
import { ApiSettings } from '../config.ts';
import { type Api, type ApiParts, createApi } from '../create-api.ts';

export interface ApiUnderTest extends AsyncDisposable {
  readonly url: string;
  readonly api: Api;
  readonly store: Store;
  readonly keys: KeyRegistry;
  /** A token's secret. */
  token(...scopes: Scope[]): Promise<string>;
  /** Calls with a token, by default one that may do everything; JSON in, JSON out. */
  call(method: string, path: string, options?: CallOptions): Promise<Called>;
}

export interface CallOptions {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Called {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what an answer is, the test says
  readonly json: any;
}

/** An API on a database of its own, whose answers are compared with their schemas. */
export async function anApi(
  clickhouse: ClickHouseConfig,
  options: { settings?: object; parts?: Partial<ApiParts> } = {},
): Promise<ApiUnderTest> {
  await migrate(clickhouse);
  await using opened = new AsyncDisposableStack();
  const store = opened.use(openStore(clickhouse));
  const keys = new KeyRegistry();
  await keys.refresh(store);
  let handler: Api['router'] | null = null;
  const server = opened.use(
    await listen(
      createServer((request, response) => handler!(request, response)),
      { host: '127.0.0.1', port: 0 },
    ),
  );
  const url = `http://127.0.0.1:${server.port}`;
  const alerting = AlertingConfig.parse({});
  const api = createApi({
    ...{
      store,
      clickhouse,
      keys,
      analysts: null,
      alerting: onStore(store),
      config: alerting,
      publicUrl: url,
    },
    ...{
      issuers: new Map([['sandbox', {}]]),
      issuerKinds: new Map([['sandbox', 'generic']]),
      ruleParams: {},
    },
    ...{ clock: systemClock, log: silentLogger, checkAnswers: true },
    settings: ApiSettings.parse({
      requestsPerMinute: 100_000,
      signInsPerMinute: 10_000,
      ...options.settings,
    }),
    ...options.parts,
  });
  handler = api.router;
  const all = await api.tokens.create({
    ...{ name: 'all', scopes: scopesOf('admin'), by: 'test', expiresAt: null },
  });
  const kept = opened.move();
  return {
    ...{ url, api, store, keys },
    async token(...scopes) {
      const { secret } = await api.tokens.create({
        name: scopes.join(),
        scopes,
        by: 'test',
        expiresAt: null,
      });
      return secret;
    },
    async call(method, path, { token = all.secret, body, headers = {} } = {}) {
      const response = await fetch(new URL(path, url), {
        method,
        redirect: 'manual',
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
      const isLines = /ndjson/.test(response.headers.get('content-type') ?? '');
      return {
        ...{ status: response.status, headers: response.headers, text },
        json: isJson && !isLines ? JSON.parse(text) : null,
      };
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
