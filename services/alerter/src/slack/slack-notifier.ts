import type { Logger } from '@tripkey/service-kit';
import type { Notifier, UpdateOutcome } from '../alert/notifier.ts';
import { findIn, postOnce, updateOnce } from './slack-calls.ts';
import { SlackChannels, UnknownChannelError } from './slack-channels.ts';
import { updateOutcomeOf } from './slack-errors.ts';
import type { SlackMessage } from './slack-message.ts';
import { routeOf, type SlackRoute } from './slack-route.ts';
import { slackWebClient } from './slack-web-client.ts';
import { toSlackDigest } from './to-slack-digest.ts';
import { toSlackAlert, toSlackReply, withoutBlocks } from './to-slack-message.ts';

export interface SlackOptions {
  readonly token: string;
  /** Channel id; a name is looked up once, at the start. */
  readonly channel: string;
  /** Another Slack Web API, such as an emulator. */
  readonly apiUrl?: string;
  readonly timeoutMs?: number;
  /** Other channels for some incidents; the first that fits is taken. */
  readonly routes?: readonly SlackRoute[];
  /** Group that is called when a critical incident is posted, by id. */
  readonly mention?: string | undefined;
  /** Whether clicks reach us; without that messages have links only. */
  readonly buttons?: boolean;
  readonly log: Logger;
}

/**
 * Posts to a Slack channel by the Web API.
 *
 * The client's own retries are off: it repeats a post whose answer was lost, which makes two messages, and one 429
 * would hold up every other call. The outbox retries instead, and looks before it does. A Slack that does not answer
 * at the start is no reason to leave keys alone: the channel is looked up with the first message then.
 * @throws when the channel's name is not known or Slack refuses the token.
 */
export async function openSlack(options: SlackOptions): Promise<Notifier> {
  const web = slackWebClient(options);
  const { buttons = false, routes = [], log } = options;
  const channels = new SlackChannels(web);
  /** Slack rolls new blocks out in phases: what it refused once is not tried again by this process. */
  let simple = false;
  const places = [options.channel, ...routes.map(({ channel }) => channel)];
  for (const place of places)
    await channels.idOf(place).catch((error: unknown) => {
      if (lookupOutcomeOf(error).kind === 'failed') throw error;
      log.warn({ err: error, channel: place }, 'Slack does not answer yet, its channel is looked up later');
    });

  /** The richest layout that Slack takes: all, else without charts and rich text, else the text alone. */
  const inSteps = async <Outcome extends { readonly kind: string; readonly reason?: string }>(
    full: (simple: boolean) => SlackMessage,
    send: (content: SlackMessage) => Promise<Outcome>,
  ): Promise<Outcome> => {
    if (!simple) {
      const outcome = await send(full(false));
      if (!isRefusedLayout(outcome)) return outcome;
      log.error(
        { reason: outcome.reason },
        'Slack refuses the blocks of a message; trying it without charts',
      );
    }
    const content = full(true);
    const outcome = await send(content);
    if (!isRefusedLayout(outcome)) {
      simple = true;
      return outcome;
    }
    log.error({ reason: outcome.reason }, 'Slack refuses simple blocks, too; posting the text only');
    return send(withoutBlocks(content));
  };

  return {
    name: 'slack',
    digests: true,
    async post(message, deliveryId) {
      const route = message.kind === 'alert' ? routeOf(routes, message.alert.record) : undefined;
      const mention = route?.mention ?? options.mention ?? null;
      const channel =
        message.kind === 'reply'
          ? message.thread.channel
          : await channels.idOf(route?.channel ?? options.channel).catch(lookupOutcomeOf);
      if (typeof channel !== 'string') return channel;
      if (message.kind === 'reply')
        return postOnce(web, channel, message, toSlackReply(message.line), deliveryId);
      return inSteps(
        (simple) =>
          message.kind === 'digest'
            ? toSlackDigest(message.digest)
            : toSlackAlert(message.alert, { buttons, mention, simple }),
        (content) => postOnce(web, channel, message, content, deliveryId),
      );
    },
    update(ref, message) {
      return inSteps(
        (simple) =>
          message.kind === 'digest'
            ? toSlackDigest(message.digest)
            : toSlackAlert(message.alert, { buttons, simple }),
        (content) => updateOnce(web, ref, content),
      );
    },
    async find(deliveryId, { sinceMs, thread }) {
      if (thread) return findIn(web, thread.channel, deliveryId, sinceMs, thread);
      // A route may have changed its mind since: an incident can have got worse.
      for (const place of new Set(places)) {
        const found = await findIn(web, await channels.idOf(place), deliveryId, sinceMs, null);
        if (found) return found;
      }
      return null;
    },
  };
}

function isRefusedLayout(outcome: {
  kind: string;
  reason?: string;
}): outcome is { kind: 'failed'; reason: string } {
  return outcome.kind === 'failed' && /^(invalid_blocks|msg_blocks_too_long)/.test(outcome.reason ?? '');
}

/** What a failed look-up of the channel means for a message: it was surely not posted. */
function lookupOutcomeOf(error: unknown): Exclude<UpdateOutcome, { kind: 'updated' }> {
  if (error instanceof UnknownChannelError) return { kind: 'failed', reason: error.message };
  return updateOutcomeOf(error);
}
