import type { Clock, Logger, Metrics } from '@tripkey/service-kit';
import type { Store } from '@tripkey/store';
import { type NextFunction, type Request, type Response, Router } from 'express';
import type { Authorize } from './accept-tokens.ts';
import { admitPost } from './admit-post.ts';
import type { DeadLetter } from './dead-letter.ts';
import { DoorWatch } from './door-watch.ts';
import { GroupCommit, StoreUnavailableError } from './group-commit.ts';
import { HeartbeatCommit } from './heartbeats/heartbeat-commit.ts';
import type { HeartbeatReader } from './heartbeats/heartbeat-reader.ts';
import { httpMetrics } from './http-metrics.ts';
import type { Pipeline } from './pipeline.ts';
import { PostOffsets } from './post-offsets.ts';
import { Problem } from './problem.ts';
import { type Progress, reportProgress } from './progress.ts';
import { readBody } from './read-body.ts';
import { askStore, RepeatMarker } from './repeats/repeat-marker.ts';

/** Name of the stream that posted events belong to. */
export const httpTopic = 'http';
/** The same for posted heartbeats. */
export const httpHeartbeatTopic = 'http-heartbeats';

export interface HttpIngestParts {
  readonly store: Store;
  readonly pipeline: Pipeline;
  readonly heartbeats: HeartbeatReader;
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
  /** The same for heartbeats, ms. Default 1,000. */
  readonly heartbeatLingerMs?: number;
  /** How long a failing insert is repeated before senders get 503, ms. Default 5,000. */
  readonly retryMsMax?: number;
  /** How often progress is written, ms. Default 500. */
  readonly progressMs?: number;
}

export interface HttpIngest {
  /** `POST /v1/events` and `POST /v1/heartbeats`. */
  readonly router: Router;
  /** Writes progress until `stop` aborts, then waits until everything that was taken in is stored. */
  run(stop: AbortSignal): Promise<void>;
}

/** Rejected elements that an answer lists; more are counted in `rejected_total`. */
const rejectedListMax = 1_000;
/** Heartbeats that may wait for the store; above it senders get 429. */
const pendingBeatsMax = 10_000;

/** The door for gateways without Kafka: events and heartbeats are stored when a post is answered with 202. */
export function createHttpIngest(parts: HttpIngestParts): HttpIngest {
  const { store, pipeline, heartbeats, clock, log } = parts;
  const { partition = 0, bodyBytesMax = 10 * 2 ** 20, pendingRowsMax = 200_000, bodiesMax = 64 } = parts;
  const { retryMsMax = 5_000 } = parts;
  const counts = httpMetrics(parts.metrics);
  const stream = { topic: httpTopic, partition };
  const watch = new DoorWatch(stream, { store, clock, log, onOther: () => counts.otherDoors.inc() });
  const group = new GroupCommit(stream, {
    ...{ store, clock, log, counts, retryMsMax, lingerMs: parts.lingerMs ?? 20 },
    ...{ rowsMax: 20_000, insertsMax: 2 },
  });
  const beats = new HeartbeatCommit({
    ...{ store, clock, log, retryMsMax, lingerMs: parts.heartbeatLingerMs ?? 1_000 },
  });
  const repeats = new RepeatMarker();
  let bodies = 0;
  const offsets = new PostOffsets();
  const beatOffsets = new PostOffsets();

  async function receive(request: Request, isFull: () => boolean): Promise<Buffer> {
    await admitPost(request, parts.authorize);
    if (bodies >= bodiesMax || isFull()) throw tooBusy();
    bodies++;
    try {
      return await readBody(request, bodyBytesMax);
    } finally {
      bodies--;
    }
  }

  function answer(response: Response, accepted: number, deadLetters: readonly DeadLetter[]): void {
    const rejected = deadLetters
      .slice(0, rejectedListMax)
      .map(({ _idx, reason, detail }) => ({ idx: _idx, reason, ...(detail && { detail }) }));
    const outcome = { accepted, rejected, rejected_total: deadLetters.length };
    if (accepted === 0) {
      throw new Problem(400, 'Nothing usable', 'every element was rejected', { more: outcome });
    }
    counts.answered(202);
    response.status(202).json(outcome);
  }

  async function takeEvents(request: Request, response: Response): Promise<void> {
    const body = await receive(request, () => group.pending >= pendingRowsMax);
    // From here to `submit` nothing else runs: arrivals are submitted in their order.
    const { offset, arrivedAtMs } = offsets.next(clock.now());
    const taken = pipeline.take(body, { topic: httpTopic, partition, offset }, arrivedAtMs);
    // Behind a load balancer the first copy may have come to another instance: late events are looked up.
    const sent = {
      partition,
      offset: Number(BigInt.asUintN(32, offset)),
      atMs: arrivedAtMs,
      onlyHere: false,
    };
    let isCopied = false;
    for (const row of taken.rows) {
      repeats.mark(row, sent);
      if (row.is_repeat !== 1) continue;
      // What became of the first copy is for the store to say: its sender may have been told to send it again.
      row.is_repeat = askStore;
      isCopied = true;
    }
    await group.submit({ offset, ...taken, isCopied, arrivedAtMs });
    answer(response, taken.rows.length, taken.deadLetters);
  }

  async function takeHeartbeats(request: Request, response: Response): Promise<void> {
    const body = await receive(request, () => beats.pending >= pendingBeatsMax);
    const { offset, arrivedAtMs } = beatOffsets.next(clock.now());
    const position = { topic: httpHeartbeatTopic, partition, offset };
    const taken = heartbeats.take(body, position, arrivedAtMs, arrivedAtMs);
    await beats.submit(taken);
    answer(response, taken.rows.length, taken.deadLetters);
  }

  function answerProblem(error: unknown, _request: Request, response: Response, next: NextFunction): void {
    const problem = toProblem(error);
    if (problem.status === 500) log.error({ err: error }, 'a post failed');
    counts.answered(problem.status);
    if (response.headersSent) next(error);
    else problem.send(response);
  }

  function progress(): Progress[] {
    const now = clock.now();
    const { offset, arrivedAtMs } = offsets.last;
    const storedUntil = group.unstoredSinceMs ?? Math.max(now, arrivedAtMs);
    watch.writes(now);
    return [
      {
        ...stream,
        offset: String(offset),
        stored_until: storedUntil,
        lag: group.pending,
        at: now,
      },
    ];
  }

  const router = Router();
  router.post('/v1/events', takeEvents, answerProblem);
  router.post('/v1/heartbeats', takeHeartbeats, answerProblem);
  return {
    router,
    async run(stop) {
      await Promise.all([
        reportProgress({ store, clock, log, everyMs: parts.progressMs ?? 500, progress }, stop),
        watch.run(stop),
      ]);
      await Promise.all([group.drained(), beats.drained()]);
    },
  };
}

function tooBusy(): Problem {
  return new Problem(429, 'Too much in flight', 'more comes than is stored in time; send again later', {
    headers: { 'Retry-After': '1' },
  });
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreUnavailableError) {
    return new Problem(503, 'Store unavailable', 'it may not be stored; send the same again later', {
      headers: { 'Retry-After': '5' },
    });
  }
  return new Problem(500, 'Internal error', 'it may not be stored; send the same again later');
}
