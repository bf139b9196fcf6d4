import type { AlertMessage } from '../alert/alert-message.ts';
import type { MessageRef, Notifier, Outgoing, PostOutcome, UpdateOutcome } from '../alert/notifier.ts';

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
  readonly messages: PostedMessage[] = [];
  /** What the next posts answer instead of `sent`; `lost` posts and says nothing. */
  readonly faults: ('lost' | Exclude<PostOutcome, { kind: 'sent' }>)[] = [];

  async post(message: Outgoing, deliveryId: string): Promise<PostOutcome> {
    const fault = this.faults.shift();
    if (fault && fault !== 'lost') return fault;
    const text = message.kind === 'alert' ? message.alert.summary : message.line.text;
    const thread = message.kind === 'reply' ? message.thread : null;
    this.messages.push({ deliveryId, thread, text, updates: 0 });
    if (fault === 'lost') return { kind: 'unknown', reason: 'the answer was lost' };
    return { kind: 'sent', ref: this.#ref(this.messages.length - 1) };
  }

  async update(ref: MessageRef, alert: AlertMessage): Promise<UpdateOutcome> {
    const message = this.messages[Number(ref.ts)];
    if (!message) return { kind: 'failed', reason: 'message_not_found' };
    message.text = alert.summary;
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
