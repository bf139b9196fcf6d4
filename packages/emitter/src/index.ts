export {
  createEmitter,
  type DropReason,
  dropReasons,
  type Emitter,
  type EmitterClock,
  type EmitterOptions,
  type EmitterStats,
} from './create-emitter.ts';
export { type EmittedEvent, type Outcome, type RequestFacts, unknownKeyId } from './event.ts';
export { expressMiddleware, type ObservedRequest, type ObserveOptions } from './express-middleware.ts';
export {
  type FastifyObserveOptions,
  type FastifyReplySeen,
  type FastifyRequestSeen,
  fastifyPlugin,
} from './fastify-plugin.ts';
export { type HttpTransportOptions, httpTransport } from './http-transport.ts';
export { SendLaterError, type Transport } from './transport.ts';
