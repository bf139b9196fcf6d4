import { once } from 'node:events';
import { createEmitter } from '@tripkey/emitter';
import { jsonLogger, Metrics, readConfig, runMain, stopSignal } from '@tripkey/service-kit';
import { IssuerSandboxConfig } from './config.ts';
import { startIssuerSandbox } from './start-issuer-sandbox.ts';

await runMain(async () => {
  const config = readConfig(IssuerSandboxConfig, process.env);
  const log = jsonLogger({ service: 'issuer-sandbox', level: config.log.level });
  const metrics = new Metrics({ process: true });
  const stop = stopSignal();
  const dropped = metrics.counter(
    'tripkey_sandbox_events_dropped_total',
    'request events that never reached Tripkey, by reason',
    ['reason'],
  );

  // Closed in reverse order: first the server, whose last requests still emit.
  await using emitter = createEmitter({
    ...config.ingest,
    onDrop: (count, reason) => {
      dropped.inc({ reason }, count);
      log.warn({ count, reason }, 'request events were lost');
    },
    onRetry: (error, attempt) => log.warn({ err: error, attempt }, 'events could not be sent, trying again'),
  });
  const { host, port, adminToken, issuerToken, keyCacheTtlMs, trustForwardedFor, state } = config;
  await using sandbox = await startIssuerSandbox({
    ...{ host, port, adminToken, issuerToken, keyCacheTtlMs, trustForwardedFor, emitter, log, metrics },
    ...(state.path !== undefined && { statePath: state.path }),
  });
  log.info({ url: sandbox.url }, 'the issuer sandbox listens');
  if (!stop.aborted) await once(stop, 'abort');
});
