import { dayMs } from '../calendar/durations.ts';
import type { ZoneClock } from '../calendar/zone-clock.ts';
import type { Random } from '../random/random.ts';
import type { Span } from './arrivals.ts';

export interface Schedule {
  readonly periodMs: number;
  /** Offset of the first run within a period. */
  readonly phaseMs: number;
  /** Mean lateness of a run; below a period. */
  readonly jitterMs: number;
}

/** Runs of a timer, each a little late; never out of order, never outside the span. */
export function* timerRuns(
  random: Random,
  span: Span,
  { periodMs, phaseMs, jitterMs }: Schedule,
): Generator<number> {
  const first = Math.floor((span.from - phaseMs) / periodMs) * periodMs + phaseMs;
  for (let due = first; due < span.to; due += periodMs) {
    const at = due + Math.min(random.exponential(jitterMs), periodMs * 0.9);
    if (at >= span.from && at < span.to) yield at;
  }
}

/** Local midnights of a span, as the wall clock shows them (see ZoneClock.moment). */
export function* localDays(clock: ZoneClock, span: Span): Generator<number> {
  const last = clock.local(span.to);
  for (let day = Math.floor(clock.local(span.from) / dayMs) * dayMs; day < last; day += dayMs) yield day;
}

/** Moments of one client that waits for each answer before it asks again. */
export function* oneAfterAnother(
  random: Random,
  from: number,
  count: number,
  gapMs: number,
): Generator<number> {
  let at = from;
  for (let i = 0; i < count; i++) {
    yield at;
    at += random.lognormal(gapMs, 0.6);
  }
}
