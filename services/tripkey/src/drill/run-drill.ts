import { randomUUID } from 'node:crypto';
import {
  type CommandQueue,
  digestIdOf,
  fold,
  type Incident,
  type IncidentEvent,
  type IncidentLog,
  messageIdOf,
} from '@tripkey/alerter';
import type { RequestEvent } from '@tripkey/contract';
import type { Clock } from '@tripkey/service-kit';
import { attackOf, type DrillAttack } from './canary-traffic.ts';

export interface DrillParts {
  /** Hands events to ingest, as a gateway does. @throws when ingest does not take them */
  readonly post: (events: readonly RequestEvent[]) => Promise<void>;
  readonly incidentLog: Pick<IncidentLog, 'load'>;
  readonly commands: Pick<CommandQueue, 'send'>;
  readonly clock: Clock;
}

/** What became of one attack. Times in ms from when ingest had it; null: not within the time. */
export interface DrillResult {
  readonly key_id: string;
  readonly attack: DrillAttack;
  /** RFC 3339. */
  readonly started_at: string;
  readonly found_ms: number | null;
  readonly told_ms: number | null;
}

export interface DrillSummary {
  readonly attacks: number;
  readonly found: number;
  readonly told: number;
  /** Share of the attacks that people were told of, 0 to 1. */
  readonly recall: number;
  readonly told_ms_median: number | null;
  readonly told_ms_max: number | null;
}

const lookEveryMs = 1_000;
const lookBackMs = 3_600_000;

/**
 * Attacks canaries through the whole path, from ingest to the message that people see, and looks how long it took. An
 * incident that is open for a canary is resolved before and after, so that each attack opens one of its own.
 */
export async function runDrill(
  parts: DrillParts,
  plan: { keyIds: readonly string[]; attack: DrillAttack; withinMs: number },
  stop: AbortSignal,
): Promise<DrillResult[]> {
  const { clock, post } = parts;
  for (const keyId of plan.keyIds) await resolveOpen(parts, keyId, stop);
  const results: DrillResult[] = [];
  for (const keyId of plan.keyIds) {
    const startedAt = clock.now();
    await post(attackOf(plan.attack, keyId, startedAt));
    const seen = await watch(parts, keyId, startedAt, plan.withinMs, stop);
    const from = (at: number | null) => (at === null ? null : Math.max(0, at - startedAt));
    results.push({
      ...{ key_id: keyId, attack: plan.attack, started_at: new Date(startedAt).toISOString() },
      ...{ found_ms: from(seen.foundAt), told_ms: from(seen.toldAt) },
    });
    await resolveOpen(parts, keyId, stop);
  }
  return results;
}

export function summaryOf(results: readonly DrillResult[]): DrillSummary {
  const told = results.flatMap(({ told_ms }) => told_ms ?? []).toSorted((a, b) => a - b);
  return {
    attacks: results.length,
    found: results.filter(({ found_ms }) => found_ms !== null).length,
    told: told.length,
    recall: results.length === 0 ? 0 : told.length / results.length,
    told_ms_median: told[Math.floor((told.length - 1) / 2)] ?? null,
    told_ms_max: told.at(-1) ?? null,
  };
}

async function watch(
  { incidentLog, clock }: DrillParts,
  keyId: string,
  startedAt: number,
  withinMs: number,
  stop: AbortSignal,
): Promise<{ foundAt: number | null; toldAt: number | null }> {
  let foundAt: number | null = null;
  while (clock.now() < startedAt + withinMs) {
    const events = await incidentLog.load(startedAt);
    const opened = events.find((one) => one.kind === 'opened' && one.key_id === keyId && one.at >= startedAt);
    foundAt = opened?.at ?? null;
    const toldAt = opened ? toldOf(events, opened.incident_id) : null;
    if (toldAt !== null) return { foundAt, toldAt };
    await clock.sleep(lookEveryMs, stop);
  }
  return { foundAt, toldAt: null };
}

/** When people could read of an incident: its own message, or that of the digest which it is in. Machines do not count. */
function toldOf(events: readonly IncidentEvent[], incidentId: string): number | null {
  const digested = events.find((one) => one.incident_id === incidentId && one.kind === 'digested');
  const inDigest = digested?.kind === 'digested' ? digestIdOf(digested.host) : null;
  const times = events.flatMap((one) => {
    if (one.kind !== 'message_sent' && one.kind !== 'message_updated') return [];
    if (one.delivery_id === messageIdOf(incidentId) && one.kind === 'message_sent') return [one.at];
    return one.delivery_id === inDigest && one.at >= digested!.at ? [one.at] : [];
  });
  return times.length === 0 ? null : Math.min(...times);
}

async function resolveOpen(parts: DrillParts, keyId: string, stop: AbortSignal): Promise<void> {
  const { clock, commands } = parts;
  const until = clock.now() + 60_000;
  const asked = new Set<string>();
  for (;;) {
    const open = (await openOf(parts, keyId)).filter(({ state }) => state === 'open');
    if (open.length === 0) return;
    for (const { id } of open.filter((one) => !asked.has(one.id))) {
      asked.add(id);
      await commands.send({
        ...{ kind: 'resolve', command_id: `drill-${randomUUID()}`, incident_id: id, at: clock.now() },
        ...{ by: 'drill', by_name: 'drill', reason: 'testing_or_maintenance', note: 'attack of a drill' },
      });
    }
    // An alerter that does not answer is what the drill is about to show; it goes on.
    if (clock.now() > until) return;
    await clock.sleep(lookEveryMs, stop);
  }
}

async function openOf({ incidentLog, clock }: DrillParts, keyId: string): Promise<Incident[]> {
  const events = await incidentLog.load(clock.now() - lookBackMs);
  return [...Map.groupBy(events, ({ incident_id }) => incident_id).values()]
    .map(fold)
    .filter((incident) => incident.keyId === keyId);
}
