import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KeyRecord } from '@tripkey/contract';
import type { Emitter } from '@tripkey/emitter';
import { type Clock, healthRoutes, type Logger, Metrics, systemClock } from '@tripkey/service-kit';
import express from 'express';
import { LeadApi } from './api/lead-api.ts';
import { gateway } from './gateway/gateway.ts';
import { KeyCache } from './gateway/key-cache.ts';
import { RateLimiter } from './gateway/rate-limiter.ts';
import { adminRoutes } from './issuer/admin-routes.ts';
import { issuerRoutes } from './issuer/issuer-routes.ts';
import { inMemoryState, stateFile } from './issuer/issuer-state.ts';
import type { NewKey } from './issuer/new-key.ts';
import { type CreatedKey, SandboxIssuer } from './issuer/sandbox-issuer.ts';

export interface IssuerSandboxOptions {
  /** 0: a free one. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** May make and list keys; at least 16 characters. */
  readonly adminToken: string;
  /** May read and stop keys; at least 16 characters. */
  readonly issuerToken: string;
  /** How long the gateway goes on with what it knows of a key, ms: a stopped key works for so long. */
  readonly keyCacheTtlMs: number;
  /** Where the gateway tells of its requests. It stays the caller's to close. */
  readonly emitter: Pick<Emitter, 'emit'>;
  readonly log: Logger;
  /** Believe the client's address in X-Forwarded-For: only behind a proxy that sets it, or to play somebody else. */
  readonly trustForwardedFor?: boolean;
  /** JSON file that keeps the keys; without one they are gone with the process. */
  readonly statePath?: string;
  readonly metrics?: Metrics;
  readonly clock?: Clock;
}

export interface IssuerSandbox extends AsyncDisposable {
  /** Of the API, the issuer's contract (`/v1/…`) and the administration (`/admin/…`). */
  readonly url: string;
  /** @throws when the wish is not one or its id is taken */
  createKey(wish: NewKey): Promise<CreatedKey>;
  listKeys(): KeyRecord[];
  /** Takes no more requests and waits for those under way, at most `withinMs` (5,000). */
  close(withinMs?: number): Promise<void>;
}

/**
 * An issuer of API keys, a gateway that checks them, and the API of a lead business behind it, on one port.
 * @throws when the port cannot be had, a token is too short, or the state file cannot be read
 */
export async function startIssuerSandbox(options: IssuerSandboxOptions): Promise<IssuerSandbox> {
  const { port, host = '127.0.0.1', statePath, emitter, log } = options;
  const { clock = systemClock, metrics = new Metrics(), keyCacheTtlMs } = options;
  const issuer = await SandboxIssuer.open({
    keeper: statePath === undefined ? inMemoryState : stateFile(statePath),
    clock,
    propagationMs: keyCacheTtlMs,
  });
  const keys = new KeyCache((sha256) => issuer.findBySecretHash(sha256), keyCacheTtlMs, clock);

  const app = express()
    .disable('x-powered-by')
    .disable('etag')
    .set('trust proxy', options.trustForwardedFor ?? false)
    .use(healthRoutes(metrics, () => []))
    .use('/admin', adminRoutes(issuer, options.adminToken, log))
    .use(issuerRoutes(issuer, options.issuerToken, log))
    .use(
      gateway({ api: new LeadApi(), keys, limiter: new RateLimiter(clock), clock, emitter, log, metrics }),
    );
  const server = createServer(app);
  let closing = false;
  server.on('request', (_request, response) => {
    // Node closes what is idle when closing begins; what becomes idle later would be kept alive for seconds.
    response.once('close', () => closing && setImmediate(() => server.closeIdleConnections()));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const listening = server.address() as AddressInfo;

  async function close(withinMs = 5_000): Promise<void> {
    if (!server.listening) return;
    closing = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const cut = setTimeout(() => server.closeAllConnections(), withinMs);
    await closed;
    clearTimeout(cut);
  }

  return {
    url: `http://${listening.family === 'IPv6' ? `[${host}]` : host}:${listening.port}`,
    createKey: (wish) => issuer.createKey(wish),
    listKeys: () => issuer.listKeys(),
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}
