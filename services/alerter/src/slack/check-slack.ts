import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { Logger } from '@tripkey/service-kit';
import { toAlertMessage } from '../alert/alert-message.ts';
import type { AlertingConfig } from '../config.ts';
import { sampleIncidents } from './sample-incidents.ts';
import { SlackChannels } from './slack-channels.ts';
import { slackWebClient } from './slack-web-client.ts';
import { toSlackAlert } from './to-slack-message.ts';

/** One thing that was looked at. `unknown`: Slack did not say; `skipped`: nothing is configured for it. */
export interface SlackCheck {
  readonly name: string;
  readonly result: 'ok' | 'failed' | 'unknown' | 'skipped';
  readonly detail: string;
}

/** Looks whether Slack takes what we would send, without sending anything that people see. */
export async function checkSlack(slack: AlertingConfig['slack'], log: Logger): Promise<SlackCheck[]> {
  const { token, channel, routes, mention, apiUrl, timeoutMs, teamId, responderGroups } = slack;
  if (!token || !channel)
    return [{ name: 'token', result: 'failed', detail: 'slack.token and slack.channel are not set' }];
  const web = slackWebClient({ token, timeoutMs, log, ...(apiUrl ? { apiUrl } : {}) });
  const checks: SlackCheck[] = [];
  const look = async (name: string, what: () => Promise<string>) => {
    checks.push(await looked(name, what));
  };
  await look('token', async () => {
    const who = await web.auth.test();
    if (teamId && who.team_id !== teamId)
      throw new Error(`it is of ${who.team_id}, slack.teamId says ${teamId}`);
    return `${who.user} in ${who.team}`;
  });
  const channels = new SlackChannels(web);
  for (const place of new Set([channel, ...routes.map((route) => route.channel)]))
    await look(`channel ${place}`, () => checkChannel(web, channels, place));
  for (const group of new Set([mention, ...routes.map((route) => route.mention), ...responderGroups]))
    if (group) await look(`group ${group}`, () => checkGroup(web, group));
  if (slack.toOwners) await look('owners by address', () => checkLookup(web));
  for (const { name, incident, key } of sampleIncidents()) {
    const message = toSlackAlert(toAlertMessage(incident, { key, consoleUrl: 'https://console.example' }), {
      buttons: true,
    });
    await look(`blocks of ${name}`, async () => {
      await web.apiCall('blocks.validate', { blocks: JSON.stringify(message.blocks) });
      return `${message.blocks.length} blocks`;
    });
  }
  const ways = [slack.signingSecret ? 'HTTP' : '', slack.appToken ? 'Socket Mode' : ''].filter(Boolean);
  checks.push(
    ways.length > 0
      ? {
          name: 'clicks',
          result: 'ok',
          detail: `by ${ways.join(' and ')}, ${slack.responders.length} responders and ${responderGroups.length} groups`,
        }
      : {
          name: 'clicks',
          result: 'skipped',
          detail: 'neither signingSecret nor appToken: messages have links only',
        },
  );
  return checks;
}

async function checkChannel(web: WebClient, channels: SlackChannels, place: string): Promise<string> {
  const id = await channels.idOf(place);
  const { channel } = await web.conversations.info({ channel: id });
  if (channel?.is_archived) throw new Error('it is archived');
  if (channel?.is_member === false) throw new Error('the bot is not in it: invite it');
  await web.conversations.history({ channel: id, limit: 1 });
  return `${id}, and its messages can be looked through`;
}

async function checkGroup(web: WebClient, usergroup: string): Promise<string> {
  const { users = [] } = await web.usergroups.users.list({ usergroup });
  if (users.length === 0) throw new Error('nobody is in it');
  return `${users.length} people`;
}

/** Nobody has this address (RFC 2606); Slack says so only to who may look. */
async function checkLookup(web: WebClient): Promise<string> {
  try {
    await web.users.lookupByEmail({ email: 'nobody@tripkey.invalid' });
  } catch (error) {
    if (!(error instanceof WebAPIPlatformError) || error.data.error !== 'users_not_found') throw error;
  }
  return 'people are found by their addresses';
}

async function looked(name: string, what: () => Promise<string>): Promise<SlackCheck> {
  try {
    return { name, result: 'ok', detail: await what() };
  } catch (error) {
    const code = error instanceof WebAPIPlatformError ? String(error.data.error) : '';
    if (code === 'unknown_method') return { name, result: 'unknown', detail: 'this Slack does not check it' };
    const isAnswer = error instanceof WebAPIPlatformError || !isSlackError(error);
    const detail = error instanceof WebAPIPlatformError ? wordsOf(error) : messageOf(error);
    return { name, result: isAnswer ? 'failed' : 'unknown', detail };
  }
}

function wordsOf({ data }: WebAPIPlatformError): string {
  const { error, needed, errors } = data as { error: string; needed?: string; errors?: unknown };
  if (error === 'missing_scope')
    return `the scope ${needed ?? 'for it'} is missing: add it and install the app again`;
  return errors ? `${error}: ${JSON.stringify(errors).slice(0, 300)}` : error;
}

function isSlackError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('slack_webapi');
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}
