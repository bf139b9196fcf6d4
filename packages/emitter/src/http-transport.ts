import type { EmittedEvent } from './event.ts';
import type { Heartbeat } from './heartbeat.ts';
import { SendLaterError, type Transport } from './transport.ts';

export interface HttpTransportOptions {
  /** Where Tripkey's ingestion is; events go to `/v1/events` below it, heartbeats to `/v1/heartbeats`. */
  readonly url: string;
  /** A token that may emit. Appears in no error. */
  readonly token: string;
  /** For one post from its start to the end of its answer, ms. Default 15,000. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

/** More patience than this is not granted, ms: the buffer fills meanwhile. */
const waitMsMax = 60_000;
/** The answer lists what was refused; beyond this it is not read. */
const answerBytesMax = 1_048_576;
/** An ingestion that does not know heartbeats is asked so seldom whether it has learnt them, ms. */
const unknownRouteMs = 3_600_000;

/**
 * Posts events as NDJSON to Tripkey's HTTP ingestion.
 *
 * Only two answers end a batch: 202, and 400 (every event refused). A batch that is too large is posted in halves; one
 * event that is too large is refused. Every other answer may be put right at the other end (a token that is not yet
 * known, a proxy in the way), so it is tried again, and what waits is bounded by the emitter. A heartbeat is one post of JSON;
 * an ingestion that does not know them yet is left alone for an hour.
 * @throws {TypeError} when `url` is no http or https URL, or the token cannot stand in a header; the token is not named
 */
export function httpTransport(options: HttpTransportOptions): Transport {
  const { token, timeoutMs = 15_000 } = options;
  const post = options.fetch ?? fetch;
  const eventsUrl = urlBelow(options.url, 'v1/events');
  const heartbeatsUrl = urlBelow(options.url, 'v1/heartbeats');
  if (!/^[\x21-\x7e]+$/.test(token)) throw new TypeError('the token is empty or cannot stand in a header');

  async function send(events: readonly EmittedEvent[], signal: AbortSignal): Promise<{ refused: number }> {
    const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    const response = await postTo(eventsUrl, 'application/x-ndjson', lines, signal);
    if (response.status === 202) return { refused: refusedIn(await readText(response)) };
    await response.body?.cancel();
    if (response.status === 400) return { refused: events.length };
    if (response.status === 413) return sendHalves(events, signal);
    throw notTaken(response);
  }

  async function heartbeat(beat: Heartbeat, signal: AbortSignal): Promise<void> {
    const response = await postTo(heartbeatsUrl, 'application/json', JSON.stringify(beat), signal);
    await response.body?.cancel();
    if (response.status === 404)
      throw new SendLaterError('the ingestion knows no heartbeats (404)', unknownRouteMs);
    if (response.status !== 202) throw notTaken(response);
  }

  function postTo(target: URL, type: string, body: string, signal: AbortSignal): Promise<Response> {
    return post(target, {
      method: 'POST',
      redirect: 'manual', // the token is for this address alone
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
  }

  /** When the second half fails the first one is sent again with it; it has the same ids. */
  async function sendHalves(
    events: readonly EmittedEvent[],
    signal: AbortSignal,
  ): Promise<{ refused: number }> {
    if (events.length === 1) return { refused: 1 };
    const middle = Math.ceil(events.length / 2);
    const first = await send(events.slice(0, middle), signal);
    const second = await send(events.slice(middle), signal);
    return { refused: first.refused + second.refused };
  }

  return { send, heartbeat };
}

function urlBelow(url: string, path: string): URL {
  const base = URL.parse(url);
  if (!base || !/^https?:$/.test(base.protocol)) {
    throw new TypeError('the url of the ingestion is http or https');
  }
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return new URL(path, base);
}

function notTaken({ status, headers }: Response): SendLaterError {
  return new SendLaterError(`the ingestion answered ${status}`, retryAfterMs(headers.get('retry-after')));
}

/** The wait asked for in seconds, ms; 0, which leaves it to the emitter's back-off, when there is none. */
function retryAfterMs(header: string | null): number {
  const seconds = Number(header ?? 0);
  return Number.isFinite(seconds) ? Math.min(waitMsMax, Math.max(0, seconds * 1_000)) : 0;
}

/** 202 says that the events were taken; a body that cannot be read takes nothing from that. */
function refusedIn(text: string): number {
  try {
    const { rejected_total } = JSON.parse(text) as { rejected_total?: unknown };
    return typeof rejected_total === 'number' ? rejected_total : 0;
  } catch {
    return 0;
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > answerBytesMax) break; // leaving the loop cancels the body
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
