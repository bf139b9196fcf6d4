import type { PipelineHealth } from '@tripkey/contract/api';
import type { gatewayRuns } from '@tripkey/store';
import type { gatewaysOfDay } from '@tripkey/store/reading';
import type * as z from 'zod';
import { dayMs, hourMs, iso, minuteMs } from './times.ts';

type Seen = z.infer<typeof gatewaysOfDay.row>;
type Run = z.infer<typeof gatewayRuns.row>;
type GatewayHealth = PipelineHealth['gateways'][number];

/** Events that may be on their way, or were no requests, while a gateway is idle all the same. */
const onTheirWayMax = 20;
const silentMsMin = 5 * minuteMs;

/**
 * What is known of each gateway: by its events, and by what it says of itself. One that was closed and lost nothing is left
 * out when no events came from it.
 * @param seen what came in the past day; @param runs what they said in the past day; @param at epoch ms
 */
export function gatewayHealth(seen: readonly Seen[], runs: readonly Run[], at: number): GatewayHealth[] {
  const runOf = new Map(runs.map((run) => [run.gateway, run]));
  const heard = seen.map((gateway) => toHealth(gateway.gateway, gateway, runOf.get(gateway.gateway), at));
  const names = new Set(seen.map(({ gateway }) => gateway));
  const unheard = runs
    .filter((run) => !names.has(run.gateway) && (run.overdue_at > 0 || lostBy(run) > 0))
    .map((run) => toHealth(run.gateway, undefined, run, at));
  return [...heard, ...unheard];
}

function toHealth(gateway: string, seen: Seen | undefined, run: Run | undefined, at: number): GatewayHealth {
  return {
    gateway,
    last_event_at: seen ? iso(seen.last_event_at) : null,
    events_hour: seen?.events_hour ?? 0,
    events_24h: seen?.events_24h ?? 0,
    missing_24h: seen === undefined || seen.missing === -1 ? null : Math.max(0, seen.missing),
    blind: isBlind(seen, run, at),
    heartbeat: run ? toHeartbeat(run, at) : null,
  };
}

function toHeartbeat(run: Run, at: number): NonNullable<GatewayHealth['heartbeat']> {
  return {
    last_at: iso(run.heard_at),
    state: stateOf(run, at),
    started_at: iso(run.started_at),
    emitted: run.emitted,
    waiting: run.waiting,
    runs_24h: run.runs,
    dropped: run.dropped,
  };
}

function stateOf({ overdue_at }: Run, at: number): 'alive' | 'overdue' | 'closed' {
  if (overdue_at === 0) return 'closed';
  return overdue_at < at ? 'overdue' : 'alive';
}

/**
 * Whether events are missing by now. One that lives and emitted no more than what came is idle; one that emitted more, or
 * does not say any more that it lives, is blind once it is silent. Of one without heartbeats, or that was closed, its own
 * pace decides.
 */
function isBlind(seen: Seen | undefined, run: Run | undefined, at: number): boolean {
  const isSilent = seen === undefined || at - seen.last_event_at > silentMsMin;
  const state = run && stateOf(run, at);
  if (state === 'overdue') return isSilent;
  const unarrived = run && unarrivedOf(seen, run);
  if (state === 'alive' && unarrived !== undefined) return isSilent && unarrived > onTheirWayMax;
  return seen !== undefined && isSilentForItsPace(seen, at);
}

/** Events of its current run that it emitted since the last one that came; undefined when it numbers none. */
function unarrivedOf(seen: Seen | undefined, { emitted, started_at }: Run): number | undefined {
  if (seen === undefined || seen.last_event_at < started_at) return emitted;
  return seen.last_seq === 0 ? undefined : Math.max(0, emitted - seen.last_seq);
}

/** Silent for ten times as long as it is on average between two events of the day, and for five minutes at least. */
function isSilentForItsPace({ last_event_at, events_24h }: Seen, at: number): boolean {
  const betweenMs = dayMs / Math.max(1, events_24h);
  return events_24h >= 24 && at - last_event_at > Math.max(silentMsMin, Math.min(10 * betweenMs, 6 * hourMs));
}

function lostBy({ dropped }: Run): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}
