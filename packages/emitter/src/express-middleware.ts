import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Emitter } from './create-emitter.ts';
import { type Outcome, type RequestFacts, unknownKeyId } from './event.ts';

/** What Express adds to Node's request and is used here; a plain request of Node has none of it and will do. */
export interface ObservedRequest extends IncomingMessage {
  originalUrl?: string;
  baseUrl?: string;
  route?: { path?: unknown };
  ip?: string | undefined;
}

/** How to read a request. Called when the answer has ended, so that what the handlers found out is there. */
export interface ObserveOptions<Q extends ObservedRequest, S extends ServerResponse> {
  /** Public id of the key; undefined when there was none or an unknown one. Never what was sent as a key. */
  readonly keyId: (request: Q, response: S) => string | undefined;
  /** Route template; by default the one that Express matched, with `{id}` in place of `:id`. */
  readonly route?: (request: Q, response: S) => string | undefined;
  /** Without it Tripkey judges by the status. */
  readonly outcome?: (request: Q, response: S) => Outcome | undefined;
  /** By default `request.ip`, which heeds Express's `trust proxy`, else the address of the connection. */
  readonly clientIp?: (request: Q, response: S) => string | undefined;
  readonly more?: (
    request: Q,
    response: S,
  ) => Pick<RequestFacts, 'account_id' | 'app_id' | 'cost' | 'trace_id' | 'tags'>;
  /** Requests that are not told of, such as health checks. */
  readonly skip?: (request: Q, response: S) => boolean;
}

/** The status that is told when the caller hung up before there was an answer, as gateways write it. */
const callerHungUp = 499;

/**
 * An Express middleware that emits one event when an answer has ended or its connection broke. Mount it before
 * everything that answers. When an option throws, the request is served all the same and its event is counted as
 * `invalid`.
 */
export function expressMiddleware<
  Q extends ObservedRequest = ObservedRequest,
  S extends ServerResponse = ServerResponse,
>(
  emitter: Pick<Emitter, 'emit'>,
  options: ObserveOptions<Q, S>,
): (request: Q, response: S, next: () => void) => void {
  return (request, response, next) => {
    const ts = Date.now();
    const startedAt = performance.now();
    const bodyBytes = countBody(response);
    response.once('close', () => {
      const latency_ms = performance.now() - startedAt;
      emitter.emit(() =>
        options.skip?.(request, response)
          ? undefined
          : { ...observe(request, response, options), ts, latency_ms, bytes_out: bodyBytes() },
      );
    });
    next();
  };
}

function observe<Q extends ObservedRequest, S extends ServerResponse>(
  request: Q,
  response: S,
  options: ObserveOptions<Q, S>,
): RequestFacts {
  const { clientIp, route = matchedRoute } = options;
  // A chunked body has no length in advance; its size is left open rather than guessed.
  const length = request.headers['content-length'];
  return {
    key_id: options.keyId(request, response) ?? unknownKeyId,
    method: request.method ?? '',
    route: route(request, response),
    path: request.originalUrl ?? request.url,
    status: response.headersSent ? response.statusCode : callerHungUp,
    outcome: options.outcome?.(request, response),
    client_ip: clientIp ? clientIp(request, response) : (request.ip ?? request.socket.remoteAddress),
    user_agent: request.headers['user-agent'],
    bytes_in: length === undefined ? undefined : Number(length),
    ...options.more?.(request, response),
  };
}

/** Undefined when no route matched, or one without a single text, such as a regular expression. */
function matchedRoute({ baseUrl = '', route }: ObservedRequest): string | undefined {
  if (typeof route?.path !== 'string') return undefined;
  const template = `${baseUrl}${route.path}`.replace(/[:*](\w+)/g, '{$1}');
  return template.replace(/(?<=.)\/$/, '');
}

/** Counts the body as it is written: announced lengths may be absent or wrong, and sockets carry several answers. */
function countBody(response: ServerResponse): () => number {
  let bytes = 0;
  for (const method of ['write', 'end'] as const) {
    const original = response[method] as (...args: unknown[]) => unknown;
    const counting = (...args: unknown[]) => {
      bytes += sizeOf(args[0], args[1]);
      return original.apply(response, args);
    };
    response[method] = counting as never;
  }
  return () => (response.req.method === 'HEAD' ? 0 : bytes);
}

function sizeOf(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === 'string') {
    return Buffer.byteLength(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
  }
  return chunk instanceof Uint8Array ? chunk.byteLength : 0;
}
