import type { AlertMessage } from './alert-message.ts';
import type { StoryLine } from './response-text.ts';

/** Where a sent message is. */
export interface MessageRef {
  readonly channel: string;
  readonly ts: string;
}

/** A message on its way: an incident's one message, or a reply in its thread. */
export type Outgoing =
  | { readonly kind: 'alert'; readonly alert: AlertMessage }
  | { readonly kind: 'reply'; readonly line: StoryLine; readonly thread: MessageRef };

/** What became of a post. `returned`: surely not posted, worth another try; `failed`: not, until someone acts. */
export type PostOutcome =
  | { readonly kind: 'sent'; readonly ref: MessageRef }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'returned'; readonly reason: string; readonly retryAfterMs: number }
  | { readonly kind: 'failed'; readonly reason: string };

/** Updates may be repeated, so an unknown outcome is `returned`. */
export type UpdateOutcome =
  | { readonly kind: 'updated' }
  | Extract<PostOutcome, { readonly kind: 'returned' | 'failed' }>;

/** A place where people read alerts. None of the methods throws but `find`, when it cannot look. */
export interface Notifier {
  readonly name: string;
  /** Posts once. `deliveryId` is left on the message, so that `find` can know it again. */
  post(message: Outgoing, deliveryId: string, signal?: AbortSignal): Promise<PostOutcome>;
  /** Replaces an incident's message. */
  update(ref: MessageRef, alert: AlertMessage, signal?: AbortSignal): Promise<UpdateOutcome>;
  /** Looks for a message that was perhaps posted at or after `sinceMs`. @throws when it cannot look. */
  find(
    deliveryId: string,
    where: { sinceMs: number; thread: MessageRef | null },
    signal?: AbortSignal,
  ): Promise<MessageRef | null>;
}
