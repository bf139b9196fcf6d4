import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { AlertingConfig, clickHouseIncidentLog } from '@tripkey/alerter';
import { ApiSettings } from '@tripkey/api';
import { PipelineConfig } from '@tripkey/ingest';
import { openGenericIssuer } from '@tripkey/issuers/generic';
import { jsonLogger, Metrics, stopSignal, systemClock } from '@tripkey/service-kit';
import { Retention } from '@tripkey/store';
import { openInstallation } from '../embedded/installation.ts';
import { openSystem, type System } from '../embedded/open-system.ts';
import type { SimulationOptions } from '../simulate/index.ts';
import { loadHistory } from './load-history.ts';
import { callerWith, playBusiness, playOwner, playThief } from './players.ts';
import { openStage, type Stage } from './stage.ts';
import { thief, victim } from './victim.ts';
import { type StopStory, watchStop } from './watch-stop.ts';

export interface DemoOptions {
  /** Emptied first; everything the demo keeps is here. */
  readonly folder: string;
  /** End when the stop is proven or has failed. */
  readonly once: boolean;
  readonly host: string;
  /** Where to listen; when it is taken, on any free one. */
  readonly port: number;
}

const days = 14;
const dayMs = 86_400_000;
/** The owner is alone with the key for so long before it is stolen. */
const calmMs = 8_000;
const deadlineMs = 90_000;

/**
 * Shows the main job on a made-up lead business: two weeks of traffic, live traffic, a stolen key, the alert as it
 * reads in Slack, the key disabled at its issuer, and the proof from the traffic that it stopped. Sets exit code 1
 * when the stop is not proven.
 */
export async function runDemo({ folder, once, host, port }: DemoOptions): Promise<void> {
  const stop = stopSignal();
  const end = new AbortController();
  const until = AbortSignal.any([stop, end.signal]);
  rmSync(folder, { recursive: true, force: true });
  const log = jsonLogger({ service: 'tripkey', level: process.env.TRIPKEY_LOG__LEVEL ?? 'error' });
  const installation = openInstallation(folder, Date.now());
  say('Tripkey: a tripwire for API keys. This is a demo; nothing leaves this machine.\n');

  await using stage = await openStage({ print: say, log });
  await using system = await openSystem({
    folder,
    host,
    port: await freeOr(port, host),
    api: ApiSettings.parse({}),
    installation,
    pipeline: PipelineConfig.omit({ pepper: true }).parse({}),
    retention: Retention.parse({}),
    alerting: AlertingConfig.parse({
      // The demo's key is minutes old, and one rule is enough to show a stop.
      response: {
        rules: [{ name: 'stop stolen keys', severityMin: 'high', mode: 'act' }],
        warmUpMs: 0,
        evidence: { scoreMin: 0, rulesMin: 1, windowsMin: 1 },
      },
      proof: { windowMs: 8_000 },
    }),
    notifier: stage.notifier,
    issuers: new Map([
      ['sandbox', openGenericIssuer({ name: 'sandbox', url: stage.url, token: stage.issuerToken })],
    ]),
    detector: { tickMs: 2_000, rules: {} },
    clock: systemClock,
    log,
    metrics: new Metrics(),
  });
  const link = await system.api.firstLink();
  say(`Console: ${link ?? system.url}\n`);
  stage.emitter.connect(system.url, installation.newEmitToken!);

  const history = historyUntil(Date.now());
  await loadHistory(system, history);
  say('Learning how every key behaves …');
  const learnt = Promise.withResolvers<void>();
  const running = system.run(until, () => learnt.resolve());
  running.then(learnt.resolve, learnt.reject);
  try {
    await learnt.promise;
    if (!until.aborted) await play(system, stage, history, once, until);
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    end.abort();
    await running;
  }
  say(`\nStopped. The demo's data are in ${folder}`);
}

async function play(
  system: System,
  stage: Stage,
  history: SimulationOptions,
  once: boolean,
  until: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const playing = AbortSignal.any([until, over.signal]);
  const call = callerWith(stage.url, stage.secret);
  let [seen, owner, taken, refused] = [0, 0, 0, 0];
  const plays = [
    playBusiness(history, stage.emitter, () => void seen++, playing),
    playOwner(call, () => void owner++, playing),
  ];
  say(`\nLive traffic now flows. ${victim.name} (${victim.keyId}) reads leads from ${victim.addresses[0]}.`);
  await systemClock.sleep(calmMs, until);

  const stolenAt = Date.now();
  say(
    `\n*** ${clock(stolenAt)} The key is stolen: somebody at ${thief.address} begins to read everything. ***`,
  );
  plays.push(
    playThief(
      call,
      (_path, status) => {
        if (status === 200) taken++;
        else if (status === 401 || status === 403) refused++;
      },
      playing,
    ),
  );
  const incidentLog = clickHouseIncidentLog(system.store);
  const story = await watchStop(incidentLog, victim.keyId, stolenAt, deadlineMs, systemClock, until);
  // The last word in the thread is a step of the alerter away.
  await systemClock.sleep(2_500, until);
  tell(story, stolenAt, { taken, refused });
  process.exitCode = story.outcome === 'proven' ? 0 : 1;
  if (!once) {
    say('\nThe system keeps running. Stop it with Ctrl-C.');
    await systemClock.sleep(2 ** 31 - 1, until).catch(() => {});
  }
  over.abort();
  await Promise.all(plays);
  say(`Seen live: ${seen + owner + taken + refused} requests.`);
}

function tell(story: StopStory, stolenAt: number, counts: { taken: number; refused: number }): void {
  const after = (at: number | null) =>
    at === null ? 'never' : `${((at - stolenAt) / 1000).toFixed(1)} s after`;
  say(
    [
      '',
      story.outcome === 'proven'
        ? 'The stop is PROVEN by the traffic.'
        : `The stop is NOT proven: ${story.reason}.`,
      `  people were told      ${after(story.alertedAt)}`,
      `  key was disabled      ${after(story.disabledAt)}`,
      `  stop was proven       ${after(story.provenAt)}`,
      `  the thief read ${counts.taken} times and was refused ${counts.refused} times since`,
    ].join('\n'),
  );
}

/** Two weeks that end now, cut to the minute. */
function historyUntil(now: number): SimulationOptions {
  const end = Math.floor(now / 60_000) * 60_000;
  return {
    seed: 7,
    start: new Date(end - days * dayMs).toISOString(),
    days,
    keys: 36,
    attacks: 'none',
    eventsPerKeyDay: 500,
  };
}

function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

/** The port, or 0, any free one, when somebody has it already. */
async function freeOr(port: number, host: string): Promise<number> {
  const probe = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false)).listen(port, host, () => resolve(true));
  });
  if (isFree) await new Promise((resolve) => probe.close(resolve));
  return isFree ? port : 0;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
