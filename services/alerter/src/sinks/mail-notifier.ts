import type { Severity } from '@tripkey/contract';
import { severityRank } from '@tripkey/contract';
import { createTransport } from 'nodemailer';
import type { AlertMessage } from '../alert/alert-message.ts';
import type { Notifier, Outgoing, PostOutcome } from '../alert/notifier.ts';
import { plainText } from '../alert/plain-text.ts';
import { mailText } from './mail-text.ts';
import { noticeOf, ownerAddress } from './owner-notice.ts';

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise it begins when the server offers it. */
  readonly secure: boolean;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly from: string;
  readonly timeoutMs: number;
}

/** Sends a message to somebody; what the transport of nodemailer does. */
export interface MailTransport {
  sendMail(mail: {
    from: string;
    to: string[];
    subject: string;
    text: string;
    messageId: string;
    references?: string;
    inReplyTo?: string;
    headers: Record<string, string>;
  }): Promise<unknown>;
}

export function openMailTransport(server: MailServer): MailTransport {
  const { host, port, secure, user, password, timeoutMs } = server;
  return createTransport({
    ...{ host, port, secure, disableFileAccess: true, disableUrlAccess: true },
    ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
    ...(user && password ? { auth: { user, pass: password } } : {}),
  });
}

const retryMs = 30_000;

interface MailParts {
  readonly transport: MailTransport;
  readonly from: string;
}

/**
 * Mails incidents to a list of people: when one opens, and what is told aloud of it or ends it as replies below. A mail
 * cannot be edited, looked for or taken back. Its Message-ID is the same in each attempt, so that one which is sent
 * again, because its end was not known, is one mail in most mailboxes.
 */
export function mailNotifier(parts: MailParts & { to: readonly string[]; severityMin: Severity }): Notifier {
  return {
    ...unedited,
    name: 'mail',
    takes: ({ severity }) => severityRank(severity) >= severityRank(parts.severityMin),
    tells: (line) =>
      line.broadcast || line.kind === 'resolved' || line.kind === 'operation_traffic_confirmed',
    async post(message, deliveryId) {
      if (message.kind === 'digest') return noDigest;
      return send(parts, parts.to, deliveryId, message, subjectOf(message.alert), textOf(message));
    },
  };
}

/** Tells the owner of a key, once it is stopped: what, why and how to get it back; and when it works again. */
export function ownerNotifier(parts: MailParts & { contact: string }): Notifier {
  return {
    ...unedited,
    name: 'owner',
    takes: ({ record }) =>
      ownerAddress(record) !== null &&
      record.response?.action === 'disable' &&
      record.response.done_at !== null,
    tells: (line) => line.kind === 'key_works_again',
    async post(message, deliveryId) {
      if (message.kind === 'digest') return noDigest;
      const owner = ownerAddress(message.alert.record);
      if (owner === null) return { kind: 'failed', reason: 'the owner of the key has no address' };
      const notice = noticeOf(message, parts.contact);
      return send(parts, [owner], deliveryId, message, notice.subject, notice.text);
    },
  };
}

const noDigest = { kind: 'failed', reason: 'no digests here' } as const;
type OfOne = Exclude<Outgoing, { kind: 'digest' }>;

const unedited = {
  isRepeatable: true,
  shows: () => null,
  update: async () => ({ kind: 'updated' }) as const,
  find: async () => null,
} satisfies Partial<Notifier>;

async function send(
  { transport, from }: MailParts,
  to: readonly string[],
  deliveryId: string,
  message: OfOne,
  subject: string,
  text: string,
): Promise<PostOutcome> {
  const below =
    message.kind === 'reply' ? { references: message.thread.ts, inReplyTo: message.thread.ts } : {};
  const messageId = messageIdOf(deliveryId, from);
  // Automatic mail says so, so that no absence notice answers (RFC 3834).
  const headers = { 'Auto-Submitted': 'auto-generated', 'X-Tripkey-Incident': message.alert.incidentId };
  try {
    await transport.sendMail({ from, to: [...to], subject, text, messageId, headers, ...below });
    return { kind: 'sent', ref: { channel: 'mail', ts: messageId } };
  } catch (error) {
    const reason = plainText(error instanceof Error ? error.message : String(error), 300);
    const code = Number((error as { responseCode?: unknown }).responseCode);
    // 5xx: the server will not take it however often it is asked (RFC 5321, 4.2.1).
    if (code >= 500 && code < 600) return { kind: 'failed', reason };
    return { kind: 'returned', reason, retryAfterMs: retryMs };
  }
}

function messageIdOf(deliveryId: string, from: string): string {
  const domain = /@([^\s>]+)>?$/.exec(from)?.[1] ?? 'tripkey.invalid';
  return `<${deliveryId.replace(/[^A-Za-z0-9_.-]/g, '.')}@${domain}>`;
}

function subjectOf({ headline }: AlertMessage): string {
  return plainText(`[Tripkey] ${headline}`, 200);
}

function textOf(message: OfOne): string {
  if (message.kind === 'alert') return mailText(message.alert);
  const { consoleUrl } = message.alert;
  return [plainText(message.line.text, 2_000), '', ...(consoleUrl ? [consoleUrl] : [])].join('\n');
}
