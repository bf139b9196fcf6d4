export {
  type Broker,
  type Committed,
  type Lease,
  LeaseLostError,
  type OutRecord,
  type Sink,
  type Source,
  type SourceHandler,
  type StreamRecord,
  StreamWentBackError,
  type TopicSpec,
} from './broker.ts';
export { type OnTaken, tracedBroker } from './traced-broker.ts';
