import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Emitter } from './create-emitter.ts';
import { type Outcome, type RequestFacts, unknownKeyId } from './event.ts';
import { announcedBytes, bracedTemplate, observeResponse } from './observe-response.ts';

/** What is used of Fastify's request. */
export interface FastifyRequestSeen {
  readonly method: string;
  readonly originalUrl: string;
  readonly headers: IncomingHttpHeaders;
  readonly ip: string;
  readonly routeOptions: { readonly url?: string | undefined };
}

/** What is used of Fastify's reply. */
export interface FastifyReplySeen {
  readonly raw: ServerResponse;
}

/** How to read a request. Called when the answer has ended, so that what the handlers found out is there. */
export interface FastifyObserveOptions<Q extends FastifyRequestSeen, S extends FastifyReplySeen> {
  /** Public id of the key; undefined when there was none or an unknown one. Never what was sent as a key. */
  readonly keyId: (request: Q, reply: S) => string | undefined;
  /** Route template; by default the one that Fastify matched, with `{id}` in place of `:id`. */
  readonly route?: (request: Q, reply: S) => string | undefined;
  /** Without it Tripkey judges by the status. */
  readonly outcome?: (request: Q, reply: S) => Outcome | undefined;
  /** By default `request.ip`, which heeds Fastify's `trustProxy`. */
  readonly clientIp?: (request: Q, reply: S) => string | undefined;
  readonly more?: (
    request: Q,
    reply: S,
  ) => Pick<RequestFacts, 'account_id' | 'app_id' | 'cost' | 'trace_id' | 'tags'>;
  /** Requests that are not told of, such as health checks. */
  readonly skip?: (request: Q, reply: S) => boolean;
}

/** What is used of a Fastify instance. */
interface FastifySeen<Q, S> {
  addHook(name: 'onRequest', hook: (request: Q, reply: S, done: () => void) => void): unknown;
}

/**
 * A Fastify plugin that emits one event when an answer has ended or its connection broke, of every route of the instance
 * that it is registered on, those of plugins registered later included. Register it before everything that answers.
 * When an option throws, the request is served all the same and its event is counted as `invalid`.
 */
export function fastifyPlugin<
  Q extends FastifyRequestSeen = FastifyRequestSeen,
  S extends FastifyReplySeen = FastifyReplySeen,
>(
  emitter: Pick<Emitter, 'emit'>,
  options: FastifyObserveOptions<Q, S>,
): (instance: FastifySeen<Q, S>, pluginOptions: unknown, done: () => void) => void {
  function plugin(instance: FastifySeen<Q, S>, _: unknown, done: () => void): void {
    instance.addHook('onRequest', (request, reply, next) => {
      observeResponse(emitter, reply.raw, () =>
        options.skip?.(request, reply) ? undefined : observe(request, reply, options),
      );
      next();
    });
    done();
  }
  // Without it Fastify would keep the hook to what is registered inside this plugin: nothing.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}

function observe<Q extends FastifyRequestSeen, S extends FastifyReplySeen>(
  request: Q,
  reply: S,
  options: FastifyObserveOptions<Q, S>,
): Omit<RequestFacts, 'status'> {
  const { route = matchedRoute, clientIp } = options;
  return {
    key_id: options.keyId(request, reply) ?? unknownKeyId,
    method: request.method,
    route: route(request, reply),
    path: request.originalUrl,
    outcome: options.outcome?.(request, reply),
    client_ip: clientIp ? clientIp(request, reply) : request.ip,
    user_agent: request.headers['user-agent'],
    bytes_in: announcedBytes(request.headers),
    ...options.more?.(request, reply),
  };
}

/** Undefined when no route matched. */
function matchedRoute({ routeOptions }: FastifyRequestSeen): string | undefined {
  return routeOptions.url === undefined ? undefined : bracedTemplate(routeOptions.url);
}
