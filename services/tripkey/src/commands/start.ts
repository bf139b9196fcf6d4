import { AlertingConfig, openIssuers, openNotifier } from '@tripkey/alerter';
import { ApiSettings } from '@tripkey/api';
import { DetectorConfig } from '@tripkey/detector';
import { PipelineConfig } from '@tripkey/ingest';
import { jsonLogger, Metrics, readConfig, stopSignal, systemClock } from '@tripkey/service-kit';
import { Retention } from '@tripkey/store';
import { Command, InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { runDemo } from '../demo/run-demo.ts';
import { openInstallation } from '../embedded/installation.ts';
import { openSystem } from '../embedded/open-system.ts';

const StartConfig = AlertingConfig.extend({
  pipeline: PipelineConfig.omit({ pepper: true }).prefault({}),
  retention: Retention.prefault({}),
  api: ApiSettings.prefault({}),
  detector: DetectorConfig.shape.detector,
  log: z.object({ level: z.string().default('info') }).prefault({}),
});

interface Options {
  demo: boolean;
  once?: boolean;
  data: string;
  host: string;
  port: number;
}

/** `tripkey start`: everything in one process; with the demo unless `--no-demo`. */
export function startCommand(): Command {
  return new Command('start')
    .description('run everything in this process; shows a demo unless --no-demo')
    .option('--no-demo', 'just run the system')
    .option('--once', 'end the demo when the stop is proven: exit 0, or 1 with the reason')
    .option('--data <folder>', 'where everything is kept', './data')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port for the console, the API, events, health and metrics', port, 8080)
    .addHelpText(
      'after',
      `
Examples:
  tripkey start                    the demo: a key is stolen, found, stopped, and proven stopped
  tripkey start --no-demo          the system alone; it prints the token that gateways send events with
  TRIPKEY_SLACK__TOKEN_FILE=token TRIPKEY_SLACK__CHANNEL=sec-alerts tripkey start --no-demo`,
    )
    .action(async (options: Options) => {
      if (options.demo) {
        const { host, port: onPort } = options;
        await runDemo({ folder: `${options.data}/demo`, once: options.once === true, host, port: onPort });
      } else await runSystem(options);
    });
}

async function runSystem({ data, host, port: onPort }: Options): Promise<void> {
  const config = readConfig(StartConfig, process.env);
  const log = jsonLogger({ service: 'tripkey', level: config.log.level });
  const stop = stopSignal();
  const installation = openInstallation(data, Date.now());
  // At once: what fails after this must not take the only sight of it along.
  if (installation.newEmitToken) {
    process.stdout.write(`Token for gateways, shown this once: ${installation.newEmitToken}\n`);
  }
  await using system = await openSystem({
    folder: data,
    host,
    port: onPort,
    installation,
    pipeline: config.pipeline,
    retention: config.retention,
    alerting: config,
    api: config.api,
    notifier: await openNotifier(config, log, (text) => void process.stdout.write(`${text}\n`)),
    issuers: openIssuers(config),
    detector: config.detector,
    clock: systemClock,
    log,
    metrics: new Metrics({ process: true }),
  });
  process.stdout.write(`Tripkey takes events at ${system.url}/v1/events; data in ${data}\n`);
  process.stdout.write(
    `Other commands reach its ClickHouse by TRIPKEY_CLICKHOUSE__URL=${system.clickHouseUrl}\n`,
  );
  const link = await system.api.firstLink();
  process.stdout.write(
    link
      ? `Console: sign in as the first admin, once, within an hour: ${link}\n`
      : `Console: ${config.api.publicUrl ?? system.url}\n`,
  );
  await system.run(stop);
  process.stdout.write(`Stopped. The data are in ${data}\n`);
}

function port(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new InvalidArgumentError('a port from 0 to 65535');
}
