import type { AlertMessage } from '../alert/alert-message.ts';

/** How an incident is told to one kind of receiver. */
export interface WebhookTemplate {
  /** What changes what the receiver is told; nothing is sent while it stays the same. */
  shows(alert: AlertMessage): unknown;
  /** The body of a call. `isFirst`: the receiver has not heard of the incident yet. */
  body(alert: AlertMessage, isFirst: boolean, nowMs: number): object;
  /** It keeps evidence, which no silence hides. */
  readonly isArchive: boolean;
}
