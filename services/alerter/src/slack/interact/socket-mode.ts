import { SocketModeClient } from '@slack/socket-mode';
import type { Clock, Logger } from '@tripkey/service-kit';
import { quietLogger } from '../slack-web-client.ts';
import type { SlackInteractions } from './slack-interactions.ts';

export interface SocketModeParts {
  /** App-level token (`xapp-…`) with `connections:write`. */
  readonly appToken: string;
  readonly apiUrl?: string | undefined;
  readonly timeoutMs: number;
  /** Connections at the same time: Slack renews each several times a day, and clicks go to those that are there. */
  readonly connections: number;
  readonly interactions: Pick<SlackInteractions, 'handle'>;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Envelope {
  readonly ack: (answer?: object) => Promise<void>;
  readonly body: unknown;
}

const waitMsMin = 1_000;
const waitMsMax = 60_000;

/**
 * Takes clicks through connections that we open to Slack, for those who let nothing in from outside, until `stop`
 * aborts. Who is at the other end is known by the app's token, so there is no signature; everything else is checked as
 * by HTTP.
 *
 * The client's own reconnecting is off: it gives up for good when Slack cannot be reached for a moment.
 */
export async function runSocketMode(parts: SocketModeParts, stop: AbortSignal): Promise<void> {
  await Promise.all(Array.from({ length: parts.connections }, () => keepConnected(parts, stop)));
}

async function keepConnected(parts: SocketModeParts, stop: AbortSignal): Promise<void> {
  const { clock, log } = parts;
  let waitMs = waitMsMin;
  while (!stop.aborted) {
    try {
      await connectOnce(parts, stop, () => {
        waitMs = waitMsMin;
      });
    } catch (err) {
      log.warn({ err, waitMs }, 'no connection to Slack for clicks, trying again');
    }
    if (stop.aborted) return;
    await clock.sleep(waitMs, stop).catch(() => {});
    waitMs = Math.min(waitMsMax, waitMs * 2);
  }
}

/** One connection, from its opening to its end. @throws when it does not come about */
async function connectOnce(
  parts: SocketModeParts,
  stop: AbortSignal,
  onConnected: () => void,
): Promise<void> {
  const { appToken, apiUrl, timeoutMs, log } = parts;
  const client = new SocketModeClient({
    appToken,
    autoReconnectEnabled: false,
    logger: quietLogger(log),
    clientOptions: {
      ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
      retryConfig: { retries: 0 },
      timeout: timeoutMs,
    },
  });
  const over = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
  client.on('interactive', (envelope: Envelope) => void take(envelope, parts));
  const end = () => void client.disconnect().catch(() => {});
  stop.addEventListener('abort', end, { once: true });
  try {
    await client.start();
    onConnected();
    log.info({}, 'connected to Slack for clicks');
    await over;
  } finally {
    stop.removeEventListener('abort', end);
  }
}

async function take({ ack, body }: Envelope, { interactions, log }: SocketModeParts): Promise<void> {
  try {
    const reply = await interactions.handle(body);
    await ack(reply.body ?? {});
  } catch (err) {
    // Without an acknowledgement Slack shows the person that it failed; they may click again.
    log.error({ err }, 'a click could not be taken');
  }
}
