import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Emitter } from './create-emitter.ts';
import { type Outcome, type RequestFacts, unknownKeyId } from './event.ts';
import { announcedBytes, bracedTemplate, observeResponse } from './observe-response.ts';

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
    observeResponse(emitter, response, () =>
      options.skip?.(request, response) ? undefined : observe(request, response, options),
    );
    next();
  };
}

function observe<Q extends ObservedRequest, S extends ServerResponse>(
  request: Q,
  response: S,
  options: ObserveOptions<Q, S>,
): Omit<RequestFacts, 'status'> {
  const { clientIp, route = matchedRoute } = options;
  return {
    key_id: options.keyId(request, response) ?? unknownKeyId,
    method: request.method ?? '',
    route: route(request, response),
    path: request.originalUrl ?? request.url,
    outcome: options.outcome?.(request, response),
    client_ip: clientIp ? clientIp(request, response) : (request.ip ?? request.socket.remoteAddress),
    user_agent: request.headers['user-agent'],
    bytes_in: announcedBytes(request.headers),
    ...options.more?.(request, response),
  };
}

/** Undefined when no route matched, or one without a single text, such as a regular expression. */
function matchedRoute({ baseUrl = '', route }: ObservedRequest): string | undefined {
  if (typeof route?.path !== 'string') return undefined;
  return bracedTemplate(`${baseUrl}${route.path}`);
}
