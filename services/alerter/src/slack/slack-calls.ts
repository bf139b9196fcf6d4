import type { ChatPostMessageArguments, WebClient } from '@slack/web-api';
import type { MessageRef, Outgoing, PostOutcome } from '../alert/notifier.ts';
import { postOutcomeOf, updateOutcomeOf } from './slack-errors.ts';
import type { SlackMessage } from './slack-message.ts';

/** Marks our messages; anybody in the workspace can read metadata, so it holds ids only. */
const eventType = 'tripkey_alert';
const pagesMax = 20;

/** Looks for one of our messages in a channel or, below a message, in its thread. */
export async function findIn(
  web: WebClient,
  channel: string,
  deliveryId: string,
  sinceMs: number,
  thread: MessageRef | null,
): Promise<MessageRef | null> {
  const where = { oldest: String(sinceMs / 1000), include_all_metadata: true, inclusive: true, limit: 100 };
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
}

/** Posts once, marked with the delivery's id. */
export async function postOnce(
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

export async function updateOnce(web: WebClient, ref: MessageRef, content: SlackMessage) {
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

function deliveryIdOf(message: object): string | undefined {
  const { metadata } = message as {
    metadata?: { event_type?: string; event_payload?: { delivery_id?: string } };
  };
  return metadata?.event_type === eventType ? metadata.event_payload?.delivery_id : undefined;
}
