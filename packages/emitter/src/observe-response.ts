import type { ServerResponse } from 'node:http';
import type { Emitter } from './create-emitter.ts';
import type { RequestFacts } from './event.ts';

/** The status that is told when the caller hung up before there was an answer, as gateways write it. */
const callerHungUp = 499;

/**
 * Emits one event when a response has ended or its connection broke. To be called before anything is answered.
 * @param read what is known of the request by then; undefined when it is not to be told of
 */
export function observeResponse(
  emitter: Pick<Emitter, 'emit'>,
  response: ServerResponse,
  read: () => Omit<RequestFacts, 'ts' | 'status' | 'latency_ms' | 'bytes_out'> | undefined,
): void {
  const ts = Date.now();
  const startedAt = performance.now();
  const bodyBytes = countBody(response);
  response.once('close', () => {
    const latency_ms = performance.now() - startedAt;
    emitter.emit(() => {
      const facts = read();
      if (!facts) return undefined;
      const status = response.headersSent ? response.statusCode : callerHungUp;
      return { ...facts, ts, status, latency_ms, bytes_out: bodyBytes() };
    });
  });
}

/** A template with `{id}` in place of the `:id` and `*` of Express, Fastify and their kin. */
export function bracedTemplate(route: string): string {
  return route.replace(/[:*](\w+)(?:\([^)]*\))?\??/g, '{$1}').replace(/(?<=.)\/$/, '');
}

/** Bytes of a request's body. One that comes in chunks has no length in advance; it is left open, not guessed. */
export function announcedBytes(headers: {
  readonly 'content-length'?: string | undefined;
}): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
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
