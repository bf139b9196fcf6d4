import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hashSecret } from '@tripkey/service-kit';
import { TokenBook } from '@tripkey/store';
import express from 'express';
import { acceptTokensAnd } from './accept-tokens.ts';
import type { HttpConfig } from './config.ts';
import { createHttpIngest, type HttpIngestParts } from './http.ts';

/** How long posts that are under way when the door closes may take. */
const lastPostsMsMax = 5_000;

/** The HTTP door on a port of its own. */
export interface HttpDoor extends AsyncDisposable {
  readonly port: number;
  /** Writes progress until `stop` aborts, lets no more posts in, and waits until what was taken in is stored. */
  run(stop: AbortSignal): Promise<void>;
}

/** Lets gateways without Kafka in: serves `POST /v1/events` and `POST /v1/heartbeats` on `config.port`. */
export async function serveHttp(
  config: HttpConfig & { readonly port: number },
  parts: Omit<HttpIngestParts, 'authorize'>,
): Promise<HttpDoor> {
  const { store, clock, log } = parts;
  const ingest = createHttpIngest({
    ...parts,
    authorize: acceptTokensAnd(
      [...config.emitTokenHashes, ...(config.emitToken ? [hashSecret(config.emitToken)] : [])],
      new TokenBook({ store, clock, log }),
    ),
    partition: config.partition,
    bodyBytesMax: config.bodyBytesMax,
  });
  const server = createServer(express().disable('x-powered-by').use(ingest.router));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  const closed = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), lastPostsMsMax).unref();
    });
  return {
    port: (server.address() as AddressInfo).port,
    async run(stop) {
      await ingest.run(stop);
      // A post that came in the meantime gets its answer; connections without one are closed.
      await closed();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await closed();
    },
  };
}
