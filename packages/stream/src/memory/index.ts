export { InMemoryBroker } from './in-memory-broker.ts';
