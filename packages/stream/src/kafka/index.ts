export { inspectKafka, type KafkaInspection } from './inspect-kafka.ts';
export { KafkaConnection, kafkaConnection } from './kafka-connection.ts';
export type { KafkaLog, KafkaOptions } from './kafka-settings.ts';
export { openKafka } from './open-kafka.ts';
export { NeededTopics } from './require-topics.ts';
