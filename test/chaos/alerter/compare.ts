import {
  clickHouseIncidentLog,
  currentOperation,
  fold,
  type Incident,
  toAlertMessage,
  toSlackAlert,
  verifyStoredAudit,
} from '@tripkey/alerter';
import type { KeyRecord } from '@tripkey/contract';
import type { Store } from '@tripkey/store';
import type { PlannedIncident } from './planned-incident.ts';
import type { SeenMessage, SlackChannel } from './slack-channel.ts';

/** How what came about differs from what had to. All zero: everything held. */
export interface Differences {
  /** Planned findings that are in no incident, or in more than one. */
  readonly findings_astray: number;
  readonly missing_messages: number;
  readonly second_messages: number;
  readonly wrong_final_text: number;
  readonly missing_disables: number;
  readonly second_disables: number;
  readonly unproven: number;
  /** Incidents that are open and should not be, or the other way round. */
  readonly wrong_state: number;
  /** Lines of the audit log that were lost, doubled or broken. */
  readonly audit_faults: number;
}

export interface Compared {
  readonly incidents: number;
  readonly differences: Differences;
  /** What is wrong with the audit log, in words. */
  readonly auditFaults: readonly string[];
  readonly held: boolean;
}

export interface Witnesses {
  readonly store: Store;
  readonly slack: SlackChannel;
  /** What the issuer says about its keys. */
  readonly keys: () => readonly KeyRecord[];
  /** Ids of the operations that the issuer was asked for, by key. */
  readonly operations: ReadonlyMap<string, ReadonlySet<string>>;
  /** Address of the console that links lead to. */
  readonly consoleUrl: string;
}

/** Compares the plan, the incident log, the issuer and what people see in Slack. */
export async function compare(plan: readonly PlannedIncident[], witnesses: Witnesses): Promise<Compared> {
  const events = await clickHouseIncidentLog(witnesses.store).load(0);
  const incidents = [...Map.groupBy(events, (event) => event.incident_id).values()].map(fold);
  const keys = new Map(witnesses.keys().map((key) => [key.key_id, key]));
  const planned = new Map(plan.map((one) => [one.keyId, one]));
  const byKey = Map.groupBy(incidents, (incident) => incident.keyId ?? '');

  const taken = Map.groupBy(
    events.flatMap((event) => (event.kind === 'finding_added' ? [event.finding.finding_id] : [])),
    (id) => id,
  );
  const findings = plan.flatMap((one) => one.findings.map(({ finding }) => finding.finding_id));
  const { parents, replies } = await witnesses.slack.read();
  const messages = Map.groupBy([...parents, ...replies], deliveryId);
  const wanted = incidents.flatMap(({ id, story }) => [
    `${id}:message`,
    ...story.map(({ seq }) => `${id}:${seq}`),
  ]);

  const isStopped = (keyId: string) => keys.get(keyId)?.status === 'disabled';
  const audit = await verifyStoredAudit(witnesses.store);
  const differences: Differences = {
    findings_astray: count(findings, (id) => taken.get(id)?.length !== 1),
    missing_messages: count(wanted, (id) => !messages.has(id)) + count(plan, (one) => !byKey.has(one.keyId)),
    // A message that no incident knows of is one too many as well.
    second_messages: [...messages].reduce(
      (sum, [id, seen]) => sum + (wanted.includes(id) ? seen.length - 1 : seen.length),
      0,
    ),
    wrong_final_text: count(incidents, (incident) => {
      const [parent] = messages.get(`${incident.id}:message`) ?? [];
      return parent !== undefined && !isRight(parent, incident, keys, witnesses.consoleUrl);
    }),
    missing_disables: count(plan, (one) => one.stopped && !isStopped(one.keyId)),
    second_disables:
      count(plan, (one) => !one.stopped && isStopped(one.keyId)) +
      [...witnesses.operations].reduce(
        (sum, [keyId, ids]) => sum + Math.max(0, ids.size - (byKey.get(keyId)?.length ?? 0)),
        0,
      ),
    unproven: count(plan, (one) => one.stopped && !isSettled(one, byKey.get(one.keyId) ?? [])),
    wrong_state: count(incidents, (incident) => {
      const reopened = currentOperation(incident)?.state === 'not_effective';
      return !planned.has(incident.keyId ?? '') || (incident.state === 'open') !== reopened;
    }),
    audit_faults: audit.faults.length,
  };
  const held = Object.values(differences).every((difference) => difference === 0);
  const auditFaults = audit.faults.map(({ fault, detail }) => `${fault}: ${detail}`);
  return { incidents: incidents.length, differences, auditFaults, held };
}

/** The text of the incident as it ended, and in it the words that are true of it. */
function isRight(
  parent: SeenMessage,
  incident: Incident,
  keys: ReadonlyMap<string, KeyRecord>,
  consoleUrl: string,
): boolean {
  const key = incident.keyId === null ? undefined : keys.get(incident.keyId);
  const words = [String(incident.keyId), 'Critical'];
  const state = currentOperation(incident)?.state;
  if (state === 'traffic_confirmed') words.push('and proven');
  if (state === 'not_effective') words.push('NOT effective');
  if (incident.state === 'resolved') words.push('Resolved');
  const { text } = toSlackAlert(toAlertMessage(incident, { key, consoleUrl }));
  return parent.text === text && words.every((word) => parent.text.includes(word));
}

/** Each ordered stop is proven, or its incident was reopened; that of a leaking key has to be. */
function isSettled({ leaks }: PlannedIncident, incidents: readonly Incident[]): boolean {
  const states = incidents.map((incident) => currentOperation(incident)?.state);
  return leaks
    ? states.includes('not_effective')
    : states.length > 0 && states.every((state) => state === 'traffic_confirmed');
}

function deliveryId({ ts, metadata }: SeenMessage): string {
  return metadata?.event_payload?.delivery_id ?? `message ${ts} without an id`;
}

function count<T>(items: readonly T[], differs: (item: T) => boolean): number {
  return items.filter(differs).length;
}
