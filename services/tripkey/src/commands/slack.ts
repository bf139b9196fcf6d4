import {
  AlertingConfig,
  checkSlack,
  openNotifier,
  renderText,
  sampleIncidents,
  toAlertMessage,
  toSlackAlert,
} from '@tripkey/alerter';
import { jsonLogger, readConfig } from '@tripkey/service-kit';
import { Command } from 'commander';
import { UsageError } from '../usage-error.ts';

const builderUrl = 'https://app.slack.com/block-kit-builder#';
const consoleUrl = 'https://console.example';

/** `tripkey slack`: whether Slack would take our messages, and how they look. */
export function slackCommand(): Command {
  const slack = new Command('slack').description('alerts in Slack');
  slack
    .command('check')
    .description('look whether token, channels, groups and layouts are in order; people see nothing')
    .option('--json', 'print a line of JSON for each thing that was looked at')
    .action(async ({ json }: { json?: boolean }) => {
      const checks = await checkSlack(readConfig(AlertingConfig, process.env).slack, logger());
      for (const check of checks)
        print(json ? JSON.stringify(check) : `${check.result.padEnd(8)} ${check.name}: ${check.detail}`);
      if (checks.some(({ result }) => result === 'failed')) process.exitCode = 1;
    });
  slack
    .command('preview')
    .description('show made-up incidents of every kind as they look in Slack; needs no Slack')
    .argument('[name]', 'one of them')
    .option('--json', 'print the blocks as they are sent')
    .option('--builder', "print an address of Slack's Block Kit Builder that shows it")
    .action((name: string | undefined, options: { json?: boolean; builder?: boolean }) => {
      for (const one of samples(name)) {
        const alert = toAlertMessage(one.incident, { key: one.key, consoleUrl });
        const message = toSlackAlert(alert, { buttons: true });
        if (options.json) print(JSON.stringify({ name: one.name, ...message }));
        else if (options.builder)
          print(`${one.name} ${builderUrl}${encodeURIComponent(JSON.stringify({ blocks: message.blocks }))}`);
        else print(`${one.name}\n${renderText(message)}\n`);
      }
    });
  slack
    .command('test')
    .description('post a made-up incident to the configured channel, change it, and answer below it')
    .action(async () => {
      const config = readConfig(AlertingConfig, process.env);
      if (!config.slack.token) throw new UsageError('slack.token and slack.channel say where to');
      const notifier = await openNotifier(config, logger(), print);
      const [{ incident, key }] = samples('volume') as [ReturnType<typeof samples>[number]];
      const alert = toAlertMessage(incident, { key, consoleUrl: config.console.url ?? null });
      const test = { ...alert, headline: `Test, nothing happened · ${alert.headline}`, choices: [] };
      const posted = await notifier.post({ kind: 'alert', alert: test }, `test:${Date.now()}`);
      if (posted.kind !== 'sent') throw new Error(`Slack did not take it: ${posted.reason}`);
      const line = { kind: 'resolved', text: 'This was a test.', broadcast: false } as const;
      const reply = { kind: 'reply', line, thread: posted.ref, alert: test } as const;
      const replied = await notifier.post(reply, `test:${Date.now()}:reply`);
      const updated = await notifier.update(posted.ref, {
        kind: 'alert',
        alert: { ...test, headline: 'Test is over', resolved: true },
      });
      print(`posted ${posted.ref.channel} ${posted.ref.ts}, reply ${replied.kind}, update ${updated.kind}`);
      if (replied.kind !== 'sent' || updated.kind !== 'updated') process.exitCode = 1;
    });
  return slack;
}

function samples(name: string | undefined) {
  const all = sampleIncidents();
  const found = name === undefined ? all : all.filter((one) => one.name === name);
  if (found.length > 0) return found;
  throw new UsageError(`there is no sample ${name}; there are ${all.map((one) => one.name).join(', ')}`);
}

function logger() {
  return jsonLogger({ service: 'tripkey', level: 'warn' });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
