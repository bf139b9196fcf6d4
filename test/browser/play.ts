import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlertingConfig } from '@tripkey/alerter';
import { ApiSettings } from '@tripkey/api';
import { simulate } from '@tripkey/cli';
import {
  callerWith,
  loadHistory,
  openInstallation,
  openStage,
  openSystem,
  playOwner,
  playThief,
  type Stage,
  type System,
} from '@tripkey/cli/demo';
import { PipelineConfig } from '@tripkey/ingest';
import { openGenericIssuer } from '@tripkey/issuers/generic';
import { Metrics, systemClock } from '@tripkey/service-kit';
import { silentLogger as log } from '@tripkey/service-kit/testing';
import { Retention } from '@tripkey/store';

/** The whole system on embedded ClickHouse, with the demo's business behind it, and what a test lets happen there. */
export interface Play extends AsyncDisposable {
  readonly system: System;
  /** Signs an admin in, once. */
  readonly link: string;
  /** The owner of the key reads leads; from now on. */
  startOwner(): void;
  /** Somebody else reads everything with the same key; until it is refused, and after that, too. */
  startThief(): void;
  /** Another key is used from a new place by an agent whose name would like to be markup. */
  startTraveller(): void;
}

export const traveller = {
  address: '192.0.2.44',
  agent: '<img src=x onerror=alert(1)>\u202Egnp.exe https://evil.example',
} as const;

const days = 14;
const dayMs = 86_400_000;
const proofMs = 4_000;

/** Opens it, loads two weeks of history, and resolves when everything was learnt and live detection runs. */
export async function openPlay(): Promise<Play> {
  await using opened = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'tripkey-browser-'));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const installation = openInstallation(folder, Date.now());
  const stage: Stage = opened.use(await openStage({ print: () => {}, log }));
  const system = opened.use(
    await openSystem({
      folder,
      host: '127.0.0.1',
      port: 0,
      installation,
      pipeline: PipelineConfig.omit({ pepper: true }).parse({}),
      retention: Retention.parse({}),
      // People decide here: without rules the policy only observes.
      alerting: AlertingConfig.parse({ proof: { windowMs: proofMs } }),
      api: ApiSettings.parse({ pagesPerWeekMax: 20, requestsPerMinute: 60_000 }),
      notifier: stage.notifier,
      issuers: new Map([
        ['sandbox', openGenericIssuer({ name: 'sandbox', url: stage.url, token: stage.issuerToken })],
      ]),
      detector: { tickMs: 1_000, rules: {} },
      clock: systemClock,
      log,
      metrics: new Metrics(),
    }),
  );
  const link = await system.api.firstLink();
  if (!link) throw new Error('a new installation has a link for its first admin');
  stage.emitter.connect(system.url, installation.newEmitToken!);
  const end = Math.floor(Date.now() / 60_000) * 60_000;
  const history = {
    seed: 7,
    start: new Date(end - days * dayMs).toISOString(),
    days,
    keys: 24,
    attacks: 'none',
    eventsPerKeyDay: 150,
  } as const;
  await loadHistory(system, history);
  const travelling = simulate(history).keys.find(({ status }) => status === 'active');
  if (!travelling) throw new Error('the simulated business has no active key');

  const stop = new AbortController();
  const learnt = Promise.withResolvers<void>();
  const running = system.run(stop.signal, () => learnt.resolve());
  running.then(learnt.resolve, learnt.reject);
  const plays: Promise<void>[] = [running];
  opened.defer(async () => {
    stop.abort();
    await Promise.allSettled(plays);
  });
  await learnt.promise;

  const call = callerWith(stage.url, stage.secret);
  const kept = opened.move();
  return {
    system,
    link,
    startOwner: () => void plays.push(playOwner(call, () => {}, stop.signal)),
    startThief: () => void plays.push(playThief(call, () => {}, stop.signal)),
    startTraveller: () => void plays.push(playTraveller(travelling.key_id, stage, stop.signal)),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const travellerPauseMs = 400;

async function playTraveller(key_id: string, stage: Stage, stop: AbortSignal): Promise<void> {
  const routes = ['/v1/exports', '/v1/contacts', '/v1/deals', '/v1/leads'];
  for (let turn = 0; !stop.aborted; turn++) {
    const route = routes[turn % routes.length]!;
    stage.emitter.emit({
      ts: Date.now(),
      key_id,
      method: 'GET',
      route,
      path: route,
      status: 200,
      client_ip: traveller.address,
      user_agent: traveller.agent,
      bytes_out: 4_000,
    });
    await systemClock.sleep(travellerPauseMs, stop).catch(() => {});
  }
}
