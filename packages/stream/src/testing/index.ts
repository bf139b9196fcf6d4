export { InMemoryBroker } from '../memory/index.ts';
export { describeBroker } from './describe-broker.ts';
export { Recorder } from './recorder.ts';
