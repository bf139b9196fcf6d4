import { WebAPIPlatformError, type WebClient } from '@slack/web-api';

/** Ids of channels by how they are configured; each is looked up once. */
export class SlackChannels {
  readonly #web: WebClient;
  readonly #known = new Map<string, string>();

  constructor(web: WebClient) {
    this.#web = web;
  }

  /** @throws {UnknownChannelError} when Slack shows the bot no such channel, or what kept Slack from answering */
  async idOf(channel: string): Promise<string> {
    const id = this.#known.get(channel) ?? (await channelId(this.#web, channel));
    this.#known.set(channel, id);
    return id;
  }
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

export class UnknownChannelError extends Error {
  override readonly name = 'UnknownChannelError';
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
