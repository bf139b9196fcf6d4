import type { Clock, Logger, Metrics } from '@tripkey/service-kit';
import type { Store } from '@tripkey/store';
import { type NextFunction, type Request, type Response, Router } from 'express';
import type { Authorize } from './accept-tokens.ts';
import { GroupCommit, StoreUnavailableError } from './group-commit.ts';
import { httpMetrics } from './http-metrics.ts';
import type { Pipeline } from './pipeline.ts';
import { Problem } from './problem.ts';
import { type Progress, reportProgress } from './progress.ts';
import { readBody } from './read-body.ts';
import { RepeatMarker } from './repeats/repeat-marker.ts';

/** Name of the stream that posted events belong to. */
export const httpTopic = 'http';

export interface HttpIngestParts {
  readonly store: Store;
  readonly pipeline: Pipeline;
  /** Who may send; `acceptTokens` for a list of hashes. */
  readonly authorize: Authorize;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Tells the instances of a deployment apart; each needs its own. Default 0. */
  readonly partition?: number;
  /** Default 10 MiB. */
  readonly bodyBytesMax?: number;
  /** Rows that may wait for the store; above it senders get 429. Default 200,000. */
  readonly pendingRowsMax?: number;
  /** Bodies that may be read at the same time; above it senders get 429. Default 64. */
  readonly bodiesMax?: number;
  /** How long the first of a group of requests waits for others, ms. Default 20. */
  readonly lingerMs?: number;
  /** How long a failing insert is repeated before senders get 503, ms. Default 5,000. */
  readonly retryMsMax?: number;
  /** How often progress is written, ms. Default 500. */
  readonly progressMs?: number;
}

export interface HttpIngest {
  /** `POST /v1/events`. */
  readonly router: Router;
  /** Writes progress until `stop` aborts, then waits until everything that was taken in is stored. */
  run(stop: AbortSignal): Promise<void>;
}

/** Rejected elements that an answer lists; more are counted in `rejected_total`. */
const rejectedListMax = 1_000;
const contentTypes = ['application/json', 'application/x-ndjson', 'application/ndjson', 'application/jsonl'];

/** The door for gateways without Kafka: events are stored when a post is answered with 202. */
export function createHttpIngest(parts: HttpIngestParts): HttpIngest {
  const { store, pipeline, clock, log } = parts;
  const { partition = 0, bodyBytesMax = 10 * 2 ** 20, pendingRowsMax = 200_000, bodiesMax = 64 } = parts;
  const counts = httpMetrics(parts.metrics);
  const group = new GroupCommit(
    { topic: httpTopic, partition },
    {
      store,
      clock,
      log,
      counts,
      lingerMs: parts.lingerMs ?? 20,
      rowsMax: 20_000,
      retryMsMax: parts.retryMsMax ?? 5_000,
      insertsMax: 2,
    },
  );
  const repeats = new RepeatMarker();
  let bodies = 0;
  let lastOffset = 0n;
  let lastArrivedAtMs = 0;

  async function take(request: Request, response: Response): Promise<void> {
    await checkSender(request, parts.authorize);
    checkContentType(request);
    if (bodies >= bodiesMax || group.pending >= pendingRowsMax) throw tooBusy();
    bodies++;
    let body: Buffer;
    try {
      body = await readBody(request, bodyBytesMax);
    } finally {
      bodies--;
    }
    // From here to `submit` nothing else runs: arrivals are submitted in their order.
    lastArrivedAtMs = Math.max(lastArrivedAtMs, clock.now());
    lastOffset = maxOf(lastOffset + 1n, BigInt(lastArrivedAtMs) * 1_000n);
    const arrivedAtMs = lastArrivedAtMs;
    const offset = lastOffset;
    const taken = pipeline.take(body, { topic: httpTopic, partition, offset }, arrivedAtMs);
    // Behind a load balancer the first copy may have come to another instance: late events are looked up.
    const sent = {
      partition,
      offset: Number(BigInt.asUintN(32, offset)),
      atMs: arrivedAtMs,
      onlyHere: false,
    };
    for (const row of taken.rows) repeats.mark(row, sent);
    await group.submit({ offset, ...taken, arrivedAtMs });

    const rejected = taken.deadLetters
      .slice(0, rejectedListMax)
      .map(({ _idx, reason, detail }) => ({ idx: _idx, reason, ...(detail && { detail }) }));
    const outcome = { accepted: taken.rows.length, rejected, rejected_total: taken.deadLetters.length };
    if (taken.rows.length === 0) {
      throw new Problem(400, 'No usable event', 'every element was rejected', { more: outcome });
    }
    counts.answered(202);
    response.status(202).json(outcome);
  }

  function answerProblem(error: unknown, _request: Request, response: Response, next: NextFunction): void {
    const problem = toProblem(error);
    if (problem.status === 500) log.error({ err: error }, 'a post of events failed');
    counts.answered(problem.status);
    if (response.headersSent) next(error);
    else problem.send(response);
  }

  function progress(): Progress[] {
    const now = clock.now();
    const storedUntil = group.unstoredSinceMs ?? Math.max(now, lastArrivedAtMs);
    return [
      {
        topic: httpTopic,
        partition,
        offset: String(lastOffset),
        stored_until: storedUntil,
        lag: group.pending,
        at: now,
      },
    ];
  }

  const router = Router();
  router.post('/v1/events', take, answerProblem);
  return {
    router,
    async run(stop) {
      await reportProgress({ store, clock, log, everyMs: parts.progressMs ?? 500, progress }, stop);
      await group.drained();
    },
  };
}

async function checkSender(request: Request, authorize: Authorize): Promise<void> {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token && (await authorize(token))) return;
  throw new Problem(401, 'Not allowed', 'send Authorization: Bearer with a token that may emit events', {
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
}

function checkContentType(request: Request): void {
  const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';', 1);
  if (type === '' || contentTypes.includes(type.trim())) return;
  throw new Problem(415, 'Unsupported content type', `send one of ${contentTypes.join(', ')}`);
}

function tooBusy(): Problem {
  return new Problem(
    429,
    'Too many events in flight',
    'events come faster than they are stored; send again later',
    {
      headers: { 'Retry-After': '1' },
    },
  );
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreUnavailableError) {
    return new Problem(503, 'Store unavailable', 'the events may not be stored; send the same again later', {
      headers: { 'Retry-After': '5' },
    });
  }
  return new Problem(500, 'Internal error', 'the events may not be stored; send the same again later');
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
