import { createHash } from 'node:crypto';
import type { Severity } from '@tripkey/contract';
import { severityRank } from '@tripkey/contract';
import { AddressRefusedError, type Clock, type Outbound } from '@tripkey/service-kit';
import type { AlertMessage } from '../alert/alert-message.ts';
import type { Notifier, UpdateOutcome } from '../alert/notifier.ts';
import { signWebhook } from './sign-webhook.ts';
import type { WebhookTemplate } from './webhook-template.ts';

export interface WebhookOptions {
  readonly name: string;
  readonly url: string;
  readonly template: WebhookTemplate;
  /** Signs what is sent; a receiver that has its own key in the body needs none. */
  readonly secret?: string | undefined;
  /** A bearer token that the receiver wants besides. */
  readonly token?: string | undefined;
  readonly severityMin: Severity;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Keeps the receiver from being an address on the inside that nobody allowed. */
  readonly outbound: Outbound;
}

/** Digests are for people: machines are told of every incident. */
const noDigest = { kind: 'failed', reason: 'no digests here' } as const;
const retryMs = 10_000;
const retryMsMax = 600_000;

/**
 * Tells a receiver by HTTP. Every call has an id that is the same in each attempt at it, so that the receiver takes it
 * once; one whose answer was lost is sent again. 2xx is taken, 408, 425, 429 and 5xx are tried again, anything else
 * needs somebody to act, also an address that `outbound` refuses.
 */
export function webhookNotifier(options: WebhookOptions): Notifier {
  const { name, template } = options;
  const send = async (alert: AlertMessage, isFirst: boolean, id: string, signal?: AbortSignal) =>
    call(options, id, JSON.stringify(template.body(alert, isFirst, options.clock.now())), signal);
  return {
    name,
    isRepeatable: true,
    isArchive: template.isArchive,
    takes: ({ severity }) => severityRank(severity) >= severityRank(options.severityMin),
    // How the incident stands is told by updates, which a receiver can tell apart.
    tells: () => false,
    shows: (alert) => template.shows(alert),
    async post(message, deliveryId, signal) {
      if (message.kind === 'digest') return noDigest;
      const outcome = await send(message.alert, true, deliveryId, signal);
      return outcome.kind === 'updated' ? { kind: 'sent', ref: { channel: name, ts: deliveryId } } : outcome;
    },
    async update({ ts }, message, signal) {
      if (message.kind === 'digest') return noDigest;
      const { alert } = message;
      const step = createHash('sha256')
        .update(JSON.stringify(template.shows(alert)))
        .digest('hex');
      return send(alert, false, `${ts}:${step.slice(0, 16)}`, signal);
    },
    async find() {
      return null;
    },
  };
}

async function call(
  { url, secret, token, timeoutMs, clock, outbound }: WebhookOptions,
  id: string,
  body: string,
  signal: AbortSignal | undefined,
): Promise<UpdateOutcome> {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'tripkey',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(secret ? signWebhook(id, clock.now(), body, secret) : { 'webhook-id': id }),
  };
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await outbound.fetch(url, {
      method: 'POST',
      headers,
      body,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    // Nothing of what a receiver says is used.
    await answer.body?.cancel();
    return outcomeOf(answer);
  } catch (error) {
    if (error instanceof Error && error.cause instanceof AddressRefusedError)
      return { kind: 'failed', reason: error.cause.message };
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return { kind: 'returned', reason: `${String(error)}${cause}`.slice(0, 300), retryAfterMs: retryMs };
  }
}

function outcomeOf(answer: Response): UpdateOutcome {
  if (answer.ok) return { kind: 'updated' };
  const reason = `HTTP ${answer.status}`;
  if (answer.status < 500 && ![408, 425, 429].includes(answer.status)) return { kind: 'failed', reason };
  const seconds = Number(answer.headers.get('retry-after'));
  const waitMs = seconds > 0 ? Math.min(seconds * 1_000, retryMsMax) : retryMs;
  return { kind: 'returned', reason, retryAfterMs: waitMs };
}
