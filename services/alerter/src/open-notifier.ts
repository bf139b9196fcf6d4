import type { Logger } from '@tripkey/service-kit';
import type { Notifier } from './alert/notifier.ts';
import type { AlertingConfig } from './config.ts';
import { consoleNotifier } from './slack/console-notifier.ts';
import { openSlack } from './slack/slack-notifier.ts';

/** Slack when it is configured, else the terminal by `print`. @throws when Slack refuses or has no such channel. */
export async function openNotifier(
  { slack }: Pick<AlertingConfig, 'slack'>,
  log: Logger,
  print: (text: string) => void,
): Promise<Notifier> {
  const { token, channel, apiUrl, timeoutMs, routes, mention } = slack;
  const buttons = slack.signingSecret !== undefined || slack.appToken !== undefined;
  if (!token || !channel) return consoleNotifier(print);
  return openSlack({
    token,
    channel,
    timeoutMs,
    routes,
    mention,
    buttons,
    log,
    ...(apiUrl ? { apiUrl } : {}),
  });
}
