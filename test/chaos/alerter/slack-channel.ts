/** A message of the channel, or a reply in a thread, as people see it. */
export interface SeenMessage {
  readonly ts: string;
  readonly text: string;
  readonly thread_ts?: string;
  readonly subtype?: string;
  readonly metadata?: { readonly event_payload?: { readonly delivery_id?: string } };
}

interface Answer {
  readonly ok: boolean;
  readonly error?: string;
  readonly messages?: readonly SeenMessage[];
  readonly channels?: readonly { readonly id: string; readonly name: string }[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

/** Reads a channel of an emulated Slack, past everything that spoils calls. */
export class SlackChannel {
  readonly #url: string;
  readonly #name: string;
  #reads = 0;

  constructor(url: string, name: string) {
    this.#url = url;
    this.#name = name;
  }

  /** Every message with its thread; what people are told by `reply_broadcast` stands in its thread only. */
  async read(): Promise<{ parents: SeenMessage[]; replies: SeenMessage[] }> {
    this.#reads++;
    const { channels = [] } = await this.#ask('conversations.list', {});
    const channel = channels.find(({ name }) => name === this.#name)?.id ?? '';
    const all = await this.#pages('conversations.history', { channel });
    const parents = all.filter(({ ts, thread_ts }) => thread_ts === undefined || thread_ts === ts);
    const replies: SeenMessage[] = [];
    for (const { ts } of parents) {
      const thread = await this.#pages('conversations.replies', { channel, ts });
      replies.push(...thread.filter((message) => message.ts !== ts));
    }
    return { parents, replies };
  }

  async #pages(method: string, query: Record<string, string>): Promise<SeenMessage[]> {
    const messages: SeenMessage[] = [];
    let cursor = '';
    do {
      const page = { ...query, limit: '200', include_all_metadata: 'true', ...(cursor ? { cursor } : {}) };
      const answer = await this.#ask(method, page);
      messages.push(...(answer.messages ?? []));
      cursor = answer.response_metadata?.next_cursor ?? '';
    } while (cursor);
    return messages;
  }

  async #ask(method: string, query: Record<string, string>): Promise<Answer> {
    const answer = await fetch(`${this.#url}/api/${method}`, {
      method: 'POST',
      headers: {
        // The emulator takes 5,000 calls an hour of a token, and every token.
        authorization: `Bearer xoxb-reader-${this.#reads}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams(query),
    });
    const body = (await answer.json()) as Answer;
    if (!body.ok) throw new Error(`${method}: ${JSON.stringify(body).slice(0, 200)}`);
    return body;
  }
}
