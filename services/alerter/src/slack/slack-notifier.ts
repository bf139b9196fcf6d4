import { type ChatPostMessageArguments, WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { Logger } from '@tripkey/service-kit';
import type { MessageRef, Notifier, Outgoing, PostOutcome, UpdateOutcome } from '../alert/notifier.ts';
import { postOutcomeOf, updateOutcomeOf } from './slack-errors.ts';
import type { SlackMessage } from './slack-message.ts';
import { slackWebClient } from './slack-web-client.ts';
import { toSlackAlert, toSlackReply, withoutBlocks } from './to-slack-message.ts';

export interface SlackOptions {
  readonly token: string;
  /** Channel id; a name is looked up once, at the start. */
  readonly channel: string;
  /** Another Slack Web API, such as an emulator. */
  readonly apiUrl?: string;
  readonly timeoutMs?: number;
  /** Whether clicks reach us; without that messages have links only. */
  readonly buttons?: boolean;
  readonly log: Logger;
}

/** Marks our messages; anybody in the workspace can read metadata, so it holds ids only. */
const eventType = 'tripkey_alert';
const pagesMax = 20;

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
  const { buttons = false } = options;
  let known: string | null = null;
  const channelOf = async (message: Outgoing) => {
    if (message.kind === 'reply') return message.thread.channel;
    known ??= await channelId(web, options.channel);
    return known;
  };
  known = await channelId(web, options.channel).catch((error: unknown) => {
    if (lookupOutcomeOf(error).kind === 'failed') throw error;
    options.log.warn({ err: error }, 'Slack does not answer yet, its channel is looked up later');
    return null;
  });

  return {
    name: 'slack',
    async post(message, deliveryId) {
      const content = toSlack(message, buttons);
      const channel = await channelOf(message).catch(lookupOutcomeOf);
      if (typeof channel !== 'string') return channel;
      const outcome = await postOnce(web, channel, message, content, deliveryId);
      if (!isRefusedLayout(outcome)) return outcome;
      options.log.error(
        { reason: outcome.reason },
        'Slack refused the blocks of a message; posting its text only',
      );
      return postOnce(web, channel, message, withoutBlocks(content), deliveryId);
    },
    async update(ref, alert) {
      const content = toSlackAlert(alert, { buttons });
      const outcome = await updateOnce(web, ref, content);
      return isRefusedLayout(outcome) ? updateOnce(web, ref, withoutBlocks(content)) : outcome;
    },
    async find(deliveryId, { sinceMs, thread }) {
      const where = {
        oldest: String(sinceMs / 1000),
        include_all_metadata: true,
        inclusive: true,
        limit: 100,
      };
      known ??= await channelId(web, options.channel);
      const channel = thread?.channel ?? known;
      let cursor: string | undefined;
      for (let page = 0; page < pagesMax; page++) {
        const next = cursor ? { cursor } : {};
        const answer = thread
          ? await web.conversations.replies({ channel, ts: thread.ts, ...where, ...next })
          : await web.conversations.history({ channel, ...where, ...next });
        const messages = answer.messages ?? [];
        const found = messages.find((one) => deliveryIdOf(one) === deliveryId);
        if (found?.ts) return { channel, ts: found.ts };
        cursor = answer.response_metadata?.next_cursor || undefined;
        if (!cursor) return null;
      }
      throw new Error(`more than ${pagesMax} pages of messages since the attempt`);
    },
  };
}

async function postOnce(
  web: WebClient,
  channel: string,
  message: Outgoing,
  content: SlackMessage,
  deliveryId: string,
): Promise<PostOutcome> {
  try {
    const answer = await web.chat.postMessage({
      channel,
      ...literally(content),
      unfurl_links: false,
      unfurl_media: false,
      metadata: { event_type: eventType, event_payload: { delivery_id: deliveryId } },
      ...(message.kind === 'reply'
        ? { thread_ts: message.thread.ts, reply_broadcast: message.line.broadcast }
        : {}),
    } as ChatPostMessageArguments);
    if (!answer.ts || !answer.channel)
      return { kind: 'unknown', reason: 'Slack answered without a time stamp' };
    return { kind: 'sent', ref: { channel: answer.channel, ts: answer.ts } };
  } catch (error) {
    return postOutcomeOf(error);
  }
}

async function updateOnce(web: WebClient, ref: MessageRef, content: SlackMessage) {
  try {
    await web.chat.update({ ...ref, ...literally(content) });
    return { kind: 'updated' } as const;
  } catch (error) {
    return updateOutcomeOf(error);
  }
}

/** `parse` and `link_names` are said, because chat.update has other defaults than chat.postMessage. */
function literally({ text, blocks }: SlackMessage) {
  return { text, blocks, parse: 'none', link_names: false } as const;
}

function toSlack(message: Outgoing, buttons: boolean): SlackMessage {
  return message.kind === 'alert' ? toSlackAlert(message.alert, { buttons }) : toSlackReply(message.line);
}

function isRefusedLayout(outcome: {
  kind: string;
  reason?: string;
}): outcome is { kind: 'failed'; reason: string } {
  return outcome.kind === 'failed' && /^(invalid_blocks|msg_blocks_too_long)/.test(outcome.reason ?? '');
}

function deliveryIdOf(message: object): string | undefined {
  const { metadata } = message as {
    metadata?: { event_type?: string; event_payload?: { delivery_id?: string } };
  };
  return metadata?.event_type === eventType ? metadata.event_payload?.delivery_id : undefined;
}

/** The id of a channel; ids are taken as they are, so that looking up, which needs more scopes, can be spared. */
async function channelId(web: WebClient, channel: string): Promise<string> {
  if (/^[CG][A-Z0-9]{8,}$/.test(channel)) return channel;
  const name = channel.replace(/^#/, '');
  const found =
    (await findChannel(web, name, 'private_channel')) ?? (await findChannel(web, name, 'public_channel'));
  if (found) return found;
  throw new UnknownChannelError(
    `Slack shows the bot no channel ${channel}: invite it, or configure the channel's id`,
  );
}

class UnknownChannelError extends Error {
  override readonly name = 'UnknownChannelError';
}

/** What a failed look-up of the channel means for a message: it was surely not posted. */
function lookupOutcomeOf(error: unknown): Exclude<UpdateOutcome, { kind: 'updated' }> {
  if (error instanceof UnknownChannelError) return { kind: 'failed', reason: error.message };
  return updateOutcomeOf(error);
}

async function findChannel(
  web: WebClient,
  name: string,
  types: 'public_channel' | 'private_channel',
): Promise<string | null> {
  let cursor: string | undefined;
  try {
    do {
      const page = { types, exclude_archived: true, limit: 200, ...(cursor ? { cursor } : {}) };
      const answer = await web.conversations.list(page);
      const found = answer.channels?.find((one) => one.name === name);
      if (found?.id) return found.id;
      cursor = answer.response_metadata?.next_cursor || undefined;
    } while (cursor);
    return null;
  } catch (error) {
    // Without the scope for this type of channel none is seen, as if the bot had not been invited.
    if (error instanceof WebAPIPlatformError && error.data.error === 'missing_scope') return null;
    throw error;
  }
}
