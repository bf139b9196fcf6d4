import type { Admin, Kafka } from 'kafkajs';
import type { Source, SourceHandler } from '../broker.ts';
import { KafkaMember } from './kafka-member.ts';
import type { KafkaLog, KafkaSettings } from './kafka-settings.ts';

/** What a source needs of the broker that it belongs to. */
export interface KafkaSourceParts {
  readonly kafka: Kafka;
  /** The broker's connected admin client. */
  readonly admin: () => Promise<Admin>;
  readonly topic: string;
  readonly group: string;
  readonly settings: KafkaSettings;
  readonly log: KafkaLog | undefined;
}

/** One topic, read by a group; every run is a member of its own. */
export class KafkaSource implements Source {
  readonly #parts: KafkaSourceParts;

  constructor(parts: KafkaSourceParts) {
    this.#parts = parts;
  }

  async run(handler: SourceHandler, stop: AbortSignal): Promise<void> {
    if (stop.aborted) return;
    await new KafkaMember(this.#parts, handler).run(stop);
  }
}
