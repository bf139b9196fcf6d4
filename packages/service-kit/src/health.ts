import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Metrics } from './metrics.ts';

/** Why a process is not ready; empty when it is. */
export type Readiness = () => string[] | Promise<string[]>;

export interface HealthServer extends AsyncDisposable {
  readonly port: number;
}

/** The routes `/livez`, `/readyz` (503 with reasons) and `/metrics`, for an own port or an existing express app. */
export function healthRoutes(metrics: Metrics, readiness: Readiness): express.Router {
  const router = express.Router();
  router.get('/livez', (_request, response) => void response.type('text/plain').send('ok\n'));
  router.get('/readyz', async (_request, response) => {
    const reasons = await readiness();
    response.status(reasons.length === 0 ? 200 : 503).json({ ready: reasons.length === 0, reasons });
  });
  router.get('/metrics', async (_request, response) => {
    response.type('text/plain; version=0.0.4').send(await metrics.text());
  });
  return router;
}

/** Serves the health routes on a port of their own (0: a free one). */
export async function serveHealth(options: {
  port: number;
  host?: string;
  metrics: Metrics;
  readiness: Readiness;
}): Promise<HealthServer> {
  const app = express().disable('x-powered-by').use(healthRoutes(options.metrics, options.readiness));
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host ?? '0.0.0.0', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
