import type { Finding } from '@tripkey/contract';
import { concernOf } from './incident/concern.ts';
import { fold, type Incident } from './incident/incident.ts';
import type { IncidentLog } from './incident-log.ts';
import type { Journal } from './journal.ts';
import type { CommandQueue } from './people/command-queue.ts';

/**
 * Sends a finding on to the alerter that writes the incident into which that of the same key was merged; findings whose
 * incident we write ourselves stay. Sent again after a crash, it is known by its id.
 * @returns whether it was sent on
 */
export async function forwardFinding(
  parts: {
    readonly journal: Pick<Journal, 'mergedElsewhere'>;
    readonly incidentLog: Pick<IncidentLog, 'loadOne'>;
    readonly commands: CommandQueue;
  },
  finding: Finding,
  nowMs: number,
): Promise<boolean> {
  const merged = parts.journal.mergedElsewhere(concernOf(finding));
  if (merged === null) return false;
  const incident = await openAtTheEnd(parts.incidentLog, merged);
  if (incident === null) return false;
  // What the rule looked at stands in `findings_v1`.
  const { facts: _, ...evidence } = finding.evidence;
  await parts.commands.send({
    ...{ kind: 'join', command_id: `${finding.finding_id}:join`, incident_id: incident.id },
    ...{ at: nowMs, by: 'alerter', by_name: '', finding: { ...finding, evidence } },
  });
  return true;
}

/** The incident that an incident became a part of, over all merges; null when it is not open. */
async function openAtTheEnd(
  incidentLog: Pick<IncidentLog, 'loadOne'>,
  incidentId: string,
): Promise<Incident | null> {
  const seen = new Set<string>();
  for (let id: string | null = incidentId; id !== null && !seen.has(id); ) {
    seen.add(id);
    const events = await incidentLog.loadOne(id);
    if (events.length === 0) return null;
    const incident: Incident = fold(events);
    if (incident.state === 'open') return incident;
    id = incident.resolution?.into ?? null;
  }
  return null;
}
