import { type Clock, type Logger, retry } from '@tripkey/service-kit';
import type { Broker, TopicSpec } from '../broker.ts';

/** What the system says of a connection that cannot be had now; a certificate that is not trusted is no such thing. */
const away = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE)$/;
const awayNames = new Set([
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSNoBrokerAvailableError',
]);

/**
 * Before a service does anything with topics: makes those that are missing. While Kafka is away it waits, until `stop`
 * aborts.
 * @throws what kafkajs says when Kafka is there and does not let us, or is not whom we trust
 */
export async function requireTopics(
  broker: Pick<Broker, 'ensureTopics'>,
  topics: readonly TopicSpec[],
  { clock, log }: { clock: Clock; log: Logger },
  stop: AbortSignal,
): Promise<void> {
  try {
    await retry(() => broker.ensureTopics(topics), {
      ...{ clock, signal: stop, worthRetry: isKafkaAway },
      onRetry: (err) => log.warn({ err }, 'Kafka is away, waiting for it'),
    });
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}

/** Whether an error of kafkajs says that Kafka cannot be reached; what it gives up with has the reason as its cause. */
function isKafkaAway(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { code } = one as NodeJS.ErrnoException;
    if (awayNames.has(one.name) || (typeof code === 'string' && away.test(code))) return true;
    if (one.name === 'KafkaJSConnectionError' && one.message === 'Connection timeout') return true;
  }
  return false;
}
