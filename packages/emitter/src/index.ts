export type { HeartbeatStats } from './beat-regularly.ts';
export {
  createEmitter,
  type DropReason,
  dropReasons,
  type Emitter,
  type EmitterOptions,
  type EmitterStats,
} from './create-emitter.ts';
export type { EmitterClock } from './emitter-clock.ts';
export { type EmittedEvent, type Outcome, type RequestFacts, unknownKeyId } from './event.ts';
export { expressMiddleware, type ObservedRequest, type ObserveOptions } from './express-middleware.ts';
export {
  type FastifyObserveOptions,
  type FastifyReplySeen,
  type FastifyRequestSeen,
  fastifyPlugin,
} from './fastify-plugin.ts';
export type { Heartbeat, HeartbeatCounts } from './heartbeat.ts';
export { type HttpTransportOptions, httpTransport } from './http-transport.ts';
export { SendLaterError, type Transport } from './transport.ts';
