import type {
  MessageRef,
  Notifier,
  Outgoing,
  PostOutcome,
  Replacement,
  UpdateOutcome,
} from '../alert/notifier.ts';

export interface PostedMessage {
  readonly deliveryId: string;
  readonly thread: MessageRef | null;
  /** The summary of an alert, the line of a reply. */
  text: string;
  updates: number;
}

/** A channel in memory that people could read: what is posted stays, also when its answer is lost. */
export class FakeChannel implements Notifier {
  readonly name = 'fake';
  digests = false;
  readonly messages: PostedMessage[] = [];
  /** What the next posts answer instead of `sent`; `lost` posts and says nothing. */
  readonly faults: ('lost' | Exclude<PostOutcome, { kind: 'sent' }>)[] = [];

  async post(message: Outgoing, deliveryId: string): Promise<PostOutcome> {
    const fault = this.faults.shift();
    if (fault && fault !== 'lost') return fault;
    const text = textOf(message);
    const thread = message.kind === 'reply' ? message.thread : null;
    this.messages.push({ deliveryId, thread, text, updates: 0 });
    if (fault === 'lost') return { kind: 'unknown', reason: 'the answer was lost' };
    return { kind: 'sent', ref: this.#ref(this.messages.length - 1) };
  }

  async update(ref: MessageRef, replacement: Replacement): Promise<UpdateOutcome> {
    const message = this.messages[Number(ref.ts)];
    if (!message) return { kind: 'failed', reason: 'message_not_found' };
    message.text = textOf(replacement);
    message.updates += 1;
    return { kind: 'updated' };
  }

  async find(deliveryId: string): Promise<MessageRef | null> {
    const index = this.messages.findIndex((message) => message.deliveryId === deliveryId);
    return index < 0 ? null : this.#ref(index);
  }

  /** Messages of the channel itself. */
  get parents(): PostedMessage[] {
    return this.messages.filter((message) => message.thread === null);
  }

  /** What was told in threads, in order. */
  get replies(): string[] {
    return this.messages.filter((message) => message.thread !== null).map((message) => message.text);
  }

  #ref(index: number): MessageRef {
    return { channel: 'C1', ts: String(index) };
  }
}

/** The summary of an alert, the line of a reply, the lines of a digest. */
function textOf(message: Outgoing): string {
  switch (message.kind) {
    case 'alert':
      return message.alert.summary;
    case 'reply':
      return message.line.text;
    case 'digest':
      return [message.digest.headline, ...message.digest.lines.map(({ headline }) => headline)].join('\n');
  }
}
