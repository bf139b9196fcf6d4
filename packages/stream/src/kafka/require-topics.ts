import { type Clock, isUnreachable, type Logger, waitFor } from '@tripkey/service-kit';
import type { Broker, TopicSpec } from '../broker.ts';

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
  parts: { clock: Clock; log: Logger },
  stop: AbortSignal,
): Promise<void> {
  await waitFor({ name: 'Kafka', isAway: isKafkaAway }, () => broker.ensureTopics(topics), parts, stop);
}

/** Topics that a service needs, as far as its readiness goes: it is served before they are there. */
export class NeededTopics {
  readonly #broker: Pick<Broker, 'ensureTopics'>;
  readonly #topics: readonly TopicSpec[];
  #areThere = false;

  constructor(broker: Pick<Broker, 'ensureTopics'>, topics: readonly TopicSpec[]) {
    this.#broker = broker;
    this.#topics = topics;
  }

  /** Why the service is not ready; nothing once they are there. */
  readiness(): string[] {
    return this.#areThere ? [] : ['Kafka: it was not reached yet'];
  }

  /** As `requireTopics`. */
  async require(parts: { clock: Clock; log: Logger }, stop: AbortSignal): Promise<void> {
    await requireTopics(this.#broker, this.#topics, parts, stop);
    this.#areThere = true;
  }
}

/** Whether an error of kafkajs says that Kafka cannot be reached; what it gives up with has the reason as its cause. */
function isKafkaAway(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (awayNames.has(one.name) || isUnreachable(one)) return true;
    if (one.name === 'KafkaJSConnectionError' && one.message === 'Connection timeout') return true;
  }
  return false;
}
