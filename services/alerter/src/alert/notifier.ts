import type { AlertMessage } from './alert-message.ts';
import type { DigestMessage } from './digest.ts';
import type { StoryLine } from './response-text.ts';

/** Where a sent message is. */
export interface MessageRef {
  readonly channel: string;
  readonly ts: string;
}

/** A message on its way: an incident's one message, or a step of its story below it. */
export type Outgoing =
  | { readonly kind: 'alert'; readonly alert: AlertMessage }
  | {
      readonly kind: 'reply';
      readonly line: StoryLine;
      readonly thread: MessageRef;
      readonly alert: AlertMessage;
    }
  | { readonly kind: 'digest'; readonly digest: DigestMessage };

/** What stands in a message that can be replaced. */
export type Replacement = Extract<Outgoing, { readonly kind: 'alert' | 'digest' }>;

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

/** A place where people or machines are told of incidents. None of the methods throws but `find`, when it cannot look. */
export interface Notifier {
  readonly name: string;
  /** Posts once. `deliveryId` is left on the message, so that it can be known again. */
  post(message: Outgoing, deliveryId: string, signal?: AbortSignal): Promise<PostOutcome>;
  /** Replaces a message, or sends how its incident stands now. */
  update(ref: MessageRef, message: Replacement, signal?: AbortSignal): Promise<UpdateOutcome>;
  /** Looks for a message that was perhaps posted at or after `sinceMs`. @throws when it cannot look. */
  find(
    deliveryId: string,
    where: { sinceMs: number; thread: MessageRef | null; message: Outgoing },
    signal?: AbortSignal,
  ): Promise<MessageRef | null>;
  /** Who reads it knows a message again by its id, so one whose outcome is not known is sent again at once. */
  readonly isRepeatable?: boolean;
  /** Many incidents at once are told in one message here. */
  readonly digests?: boolean;
  /** It keeps evidence rather than waking people: what a silence hides is sent all the same. */
  readonly isArchive?: boolean;
  /** Whether an incident is for this place, as it stands. Without it all are. */
  takes?(alert: AlertMessage): boolean;
  /** Whether a step of the story is told here by a message of its own. Without it all are. */
  tells?(line: StoryLine): boolean;
  /** What an update is worth: without a change of this none is sent. Without it all that people see. */
  shows?(alert: AlertMessage): unknown;
}

/** Calls a second. */
export interface DeliveryPacing {
  readonly postsPerSecond: number;
  /** Updates and looks. */
  readonly callsPerSecond: number;
}

/** A notifier besides the main one, with what it takes. */
export interface Destination {
  readonly notifier: Notifier;
  readonly pacing: DeliveryPacing;
}
