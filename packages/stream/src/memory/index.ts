export { InMemoryBroker, type InMemoryLimits } from './in-memory-broker.ts';
export { StreamFullError } from './stream-full-error.ts';
