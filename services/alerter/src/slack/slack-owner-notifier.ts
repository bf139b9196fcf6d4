import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { AlertMessage } from '../alert/alert-message.ts';
import type { Notifier, PostOutcome } from '../alert/notifier.ts';
import { noticeOf, ownerAddress } from '../sinks/owner-notice.ts';
import { findIn, postOnce } from './slack-calls.ts';
import { postOutcomeOf } from './slack-errors.ts';
import { SlackMessage } from './slack-message.ts';
import { slackText } from './slack-text.ts';

/**
 * Tells the owner of a key, in a direct message, once it is stopped: what, why and how to get it back; and when it works
 * again. The owner is found by the address that the issuer names. Nothing is edited afterwards.
 */
export function slackOwnerNotifier({ web, contact }: { web: WebClient; contact: string }): Notifier {
  return {
    name: 'slack-owner',
    takes: ({ record }) =>
      ownerAddress(record) !== null &&
      record.response?.action === 'disable' &&
      record.response.done_at !== null,
    tells: (line) => line.kind === 'key_works_again',
    shows: () => null,
    async post(message, deliveryId) {
      if (message.kind === 'digest') return { kind: 'failed', reason: 'no digests here' };
      const channel = message.kind === 'reply' ? message.thread.channel : await talkWith(web, message.alert);
      if (typeof channel !== 'string') return channel;
      return postOnce(web, channel, message, toSlackNotice(noticeOf(message, contact)), deliveryId);
    },
    update: async () => ({ kind: 'updated' }),
    async find(deliveryId, { sinceMs, thread, message }) {
      if (thread) return findIn(web, thread.channel, deliveryId, sinceMs, thread);
      if (message.kind === 'digest') return null;
      const channel = await talkWith(web, message.alert);
      if (typeof channel === 'string') return findIn(web, channel, deliveryId, sinceMs, null);
      throw new Error(channel.reason);
    },
  };
}

/** The direct conversation with the owner of an alert's key, or why there is none: nothing was posted then. */
async function talkWith(
  web: WebClient,
  { record }: AlertMessage,
): Promise<string | Exclude<PostOutcome, { kind: 'sent' | 'unknown' }>> {
  const email = ownerAddress(record);
  if (email === null) return { kind: 'failed', reason: 'the owner of the key has no address' };
  try {
    const { user } = await web.users.lookupByEmail({ email });
    const { channel } = await web.conversations.open({ users: user?.id ?? '' });
    if (channel?.id) return channel.id;
    return { kind: 'failed', reason: 'Slack opens no conversation with the owner of the key' };
  } catch (error) {
    if (error instanceof WebAPIPlatformError && error.data.error === 'users_not_found')
      return { kind: 'failed', reason: 'Slack knows nobody by the address of the owner of the key' };
    const outcome = postOutcomeOf(error);
    return outcome.kind === 'unknown' ? { ...outcome, kind: 'returned', retryAfterMs: 5_000 } : outcome;
  }
}

/** The notice as Slack shows it: every line of it literally. */
export function toSlackNotice({ subject, text }: { subject: string; text: string }): SlackMessage {
  const lines = text.split('\n').map((line) => ({ type: 'text' as const, text: `${line}\n` }));
  return SlackMessage.parse({
    text: slackText`${subject}`,
    blocks: [
      { type: 'header', text: subject.slice(0, 150) },
      { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: lines }] },
    ],
  });
}
