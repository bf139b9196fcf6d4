import { onStore } from '@tripkey/alerter';
import type { RequestEvent } from '@tripkey/contract';
import { jsonLogger, readConfig, repeat, stopSignal, systemClock } from '@tripkey/service-kit';
import { ClickHouseConfig, openStore } from '@tripkey/store';
import { Command } from 'commander';
import * as z from 'zod';
import { type DrillAttack, drillAttacks, habitOf } from '../drill/canary-traffic.ts';
import { writeDrillMetrics } from '../drill/drill-metrics.ts';
import { type DrillParts, type DrillResult, runDrill, summaryOf } from '../drill/run-drill.ts';
import { readDuration } from '../read-duration.ts';
import { UsageError } from '../usage-error.ts';

const DrillConfig = z.object({
  clickhouse: ClickHouseConfig.prefault({}),
  drill: z
    .object({
      url: z
        .url({ protocol: /^https?$/ })
        .default('http://127.0.0.1:8080')
        .describe('where events are posted to'),
      token: z.string().min(1).optional().describe('of a gateway'),
    })
    .prefault({}),
});

interface DrillOptions {
  key: string[];
  attack?: string;
  within: string;
  every?: string;
  metricsFile?: string;
  json?: boolean;
}

const dayMs = 86_400_000;

/** `tripkey drill`: whether an attack is told of, and how soon. */
export function drillCommand(): Command {
  return new Command('drill')
    .description('attack canary keys through the whole path, and measure how soon people are told')
    .requiredOption('--key <id...>', 'canaries: keys that nobody uses')
    .option('--attack <name>', `one of ${drillAttacks.join(', ')}; without it they take turns`)
    .option('--within <time>', 'how long an attack may go unnoticed, such as 10m', '10m')
    .option(
      '--every <time>',
      'go on, one drill after so long, such as 6h; canaries get their habits meanwhile',
    )
    .option('--metrics-file <file>', "write recall and times for Prometheus' textfile collector")
    .option('--json', 'print a line of JSON an attack, and the summary last')
    .addHelpText(
      'after',
      `
Posts events to TRIPKEY_DRILL__URL with TRIPKEY_DRILL__TOKEN, and reads incidents from the ClickHouse that
TRIPKEY_CLICKHOUSE__URL names. A canary needs habits before anything is odd: let --every run for a week. Mark canaries
with a tag, by which slack.routes and the policy can tell them apart. Exit code 1 when people were not told of an attack.`,
    )
    .action(drill);
}

async function drill(options: DrillOptions): Promise<void> {
  const config = readConfig(DrillConfig, process.env);
  const withinMs = readDuration('--within', options.within, dayMs);
  const everyMs = options.every === undefined ? null : readDuration('--every', options.every, 30 * dayMs);
  const { attack } = options;
  if (attack !== undefined && !isAttack(attack))
    throw new UsageError(`--attack ${attack}: one of ${drillAttacks.join(', ')}`);
  const { token, url } = config.drill;
  if (!token)
    throw new UsageError('TRIPKEY_DRILL__TOKEN is the token of a gateway, which events are posted with');

  const log = jsonLogger({ service: 'drill', level: 'info' });
  const stop = stopSignal();
  await using store = openStore(config.clickhouse);
  const { incidentLog, commands } = onStore(store);
  const parts: DrillParts = { post: postTo(url, token), incidentLog, commands, clock: systemClock };
  let round = 0;
  const once = async () => {
    const turn = isAttack(attack) ? attack : drillAttacks[round++ % drillAttacks.length]!;
    const results = await runDrill(parts, { keyIds: options.key, attack: turn, withinMs }, stop);
    report(results, options);
    if (results.some(({ told_ms }) => told_ms === null)) process.exitCode = 1;
  };
  if (everyMs === null) return once();
  const habits = async () => {
    try {
      await parts.post(options.key.map((keyId) => habitOf(keyId, systemClock.now())));
    } catch (err) {
      log.warn({ err }, 'ingest does not take what canaries usually do');
    }
  };
  const drills = async () => {
    try {
      await once();
    } catch (err) {
      if (stop.aborted) return;
      process.exitCode = 1;
      log.error({ err }, 'a drill could not be done');
    }
  };
  await Promise.all([repeat(60_000, habits, systemClock, stop), repeat(everyMs, drills, systemClock, stop)]);
}

function report(results: readonly DrillResult[], { json, metricsFile }: DrillOptions): void {
  const summary = summaryOf(results);
  const seconds = (ms: number | null) => (ms === null ? 'not' : `after ${(ms / 1_000).toFixed(1)} s`);
  const lines = json
    ? [...results.map((one) => JSON.stringify(one)), JSON.stringify(summary)]
    : [
        ...results.map(
          (one) =>
            `${one.key_id} ${one.attack}: found ${seconds(one.found_ms)}, told ${seconds(one.told_ms)}`,
        ),
        `recall ${summary.recall.toFixed(2)}, ${summary.told} of ${summary.attacks} attacks told`,
      ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (metricsFile) writeDrillMetrics(metricsFile, summary, Date.now());
}

function postTo(url: string, token: string): (events: readonly RequestEvent[]) => Promise<void> {
  return async (events) => {
    const answer = await fetch(new URL('/v1/events', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(events),
      signal: AbortSignal.timeout(30_000),
    });
    await answer.body?.cancel();
    if (answer.status !== 202)
      throw new Error(`ingest does not take the events of the drill: HTTP ${answer.status}`);
  };
}

function isAttack(name: string | undefined): name is DrillAttack {
  return (drillAttacks as readonly (string | undefined)[]).includes(name);
}
