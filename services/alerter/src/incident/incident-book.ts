import { createHash } from 'node:crypto';
import { type Finding, severityRank, subjectKey } from '@tripkey/contract';
import { type Concern, concernKey, concernOf } from './concern.ts';
import { apply, type Incident, lastingOperation, type RuleSignal } from './incident.ts';
import type { IncidentEvent, IncidentEventBody } from './incident-event.ts';
import { IncidentsByConcern } from './incidents-by-concern.ts';
import { PendingFindings } from './pending-findings.ts';
import { isWorthAnIncident, RiskSettings, riskOf, type Signal, severityOfRisk } from './risk.ts';

export interface IncidentBookOptions {
  /** Signal group by rule id: rules of one group say much the same. */
  readonly groups: ReadonlyMap<string, string>;
  readonly risk?: RiskSettings;
  /** How long findings about one concern are put together. */
  readonly windowMs?: number;
  /** Without a finding for this long an incident is over. */
  readonly quietMs?: number;
  /** How long a resolved incident stays in memory, for its messages and proofs. */
  readonly keepClosedMs?: number;
  /** Findings kept that have not opened an incident, over all concerns. */
  readonly pendingMax?: number;
  /** Told of every finding that changes nothing. */
  readonly onIgnored?: (reason: 'duplicate' | 'pending_evicted') => void;
}

/**
 * Puts findings together to incidents. Pure: no clock, no I/O; equal findings in equal order give equal events, live
 * and in a backtest. The book already holds what it returns; whoever calls makes it durable.
 *
 * `atMs` is when something is told (the alerter's clock; in a backtest the finding's time). Windows and decay go by
 * the findings' own `detected_at`, so that a backlog is judged as it would have been in time.
 */
export interface IncidentBook {
  /**
   * Takes a finding; [] when it changes nothing visible. `partition` is where it came from. One that comes again within two
   * windows is known; who may have taken it earlier has to ask the log. One about a concern whose
   * incident was merged joins the incident that it became a part of, as long as that is open and the merged one is
   * kept; see `mergedElsewhere` for one that is not in this book.
   */
  take(finding: Finding, atMs: number, partition?: number | null): IncidentEvent[];
  /**
   * Adds a finding about what was merged into an incident of this book; [] when it has it already. One that comes when
   * that is over is taken like any other, so that people are told.
   */
  join(incidentId: string, finding: Finding, atMs: number): IncidentEvent[];
  /** The incident into which that of a concern was merged, when this book does not hold it; else null. */
  mergedElsewhere(concern: Concern): string | null;
  /** The open incident that findings about a concern join. */
  openOf(concern: Concern): Incident | undefined;
  /** Keeps a finding as pending only: restores what a restart forgot without opening anything. */
  remember(finding: Finding): void;
  /** Resolves what has been quiet long enough, and forgets what was resolved long ago. */
  closeDue(atMs: number): IncidentEvent[];
  /** Adds what was done about an incident. @throws when the incident is not known. */
  record(incidentId: string, body: IncidentEventBody, atMs: number): IncidentEvent;
  /** Loads incidents from their events. `quietFromMs`: silence before this time does not count as quiet. */
  restore(events: readonly IncidentEvent[], quietFromMs: number): void;
  get(incidentId: string): Incident | undefined;
  /** Every incident in memory, oldest first. */
  incidents(): Iterable<Incident>;
}

export function createIncidentBook(options: IncidentBookOptions): IncidentBook {
  const { groups, onIgnored = () => {} } = options;
  const { windowMs = 24 * 3_600_000, quietMs = 4 * 3_600_000 } = options;
  const { keepClosedMs = 2 * windowMs, pendingMax = 100_000 } = options;
  const risk = options.risk ?? RiskSettings.parse({});
  const incidents = new IncidentsByConcern();
  /** Findings that are in an incident, with the time at which they were taken. */
  const taken = new Map<string, number>();
  const pending = new PendingFindings({
    windowMs,
    pendingMax,
    onEvicted: () => onIgnored('pending_evicted'),
  });
  let quietFrom = Number.NEGATIVE_INFINITY;
  let tidiedAt = Number.NEGATIVE_INFINITY;
  /** How far the findings have come: a detector that catches up tells of what was long ago. */
  let detectedUntil = Number.POSITIVE_INFINITY;

  const write = (
    head: Pick<IncidentEvent, 'incident_id' | 'subject'>,
    body: IncidentEventBody,
    at: number,
  ) => {
    const had = incidents.get(head.incident_id) ?? null;
    const { incident_id, subject } = head;
    const event: IncidentEvent = { incident_id, seq: (had?.seq ?? 0) + 1, at, subject, ...body };
    keep(event, apply(had, event));
    return event;
  };

  const keep = (event: IncidentEvent, incident: Incident) => {
    incidents.set(incident);
    if (event.kind !== 'finding_added') return;
    taken.set(event.finding.finding_id, event.at);
    const { key_id, finding_id } = event.finding;
    pending.forget(concernKey(concernOf({ subject: event.subject, key_id })), finding_id);
  };

  const addFinding = (incident: Incident, finding: Finding, atMs: number): IncidentEvent[] => {
    const { subject, evidence: whole, ...rest } = finding;
    // What the rule looked at stands in `findings_v1`; people are told of incidents without it.
    const { facts: _, ...evidence } = whole;
    const had = incident.rules.find((rule) => rule.ruleId === finding.rule_id);
    const head = { incident_id: incident.id, subject: incident.subject };
    const signals = [...incident.rules, signalOf(finding)];
    const detectedAt = Date.parse(finding.detected_at);
    const score = riskOf(signals, detectedAt, groups, risk);
    const logged = { ...rest, evidence: !had || outweighs(finding, had) ? evidence : null };
    const events = [write(head, { kind: 'finding_added', finding: logged, score }, atMs)];
    const to = severityOfRisk(signals, detectedAt, groups, risk);
    if (severityRank(to) > severityRank(incident.severity)) {
      events.push(write(head, { kind: 'severity_raised', from: incident.severity, to, score }, atMs));
    }
    return events;
  };

  const open = (finding: Finding, together: readonly Finding[], atMs: number, partition: number | null) => {
    const signals = together.map(signalOf);
    const detectedAt = Date.parse(finding.detected_at);
    const head = { incident_id: incidentIdOf(finding), subject: finding.subject };
    const opened = write(
      head,
      {
        kind: 'opened',
        key_id: finding.key_id,
        account_id: finding.account_id,
        app_id: finding.app_id,
        severity: severityOfRisk(signals, detectedAt, groups, risk),
        score: riskOf(signals, detectedAt, groups, risk),
        partition,
      },
      atMs,
    );
    return [opened, ...together.flatMap((one) => addFinding(incidents.get(head.incident_id)!, one, atMs))];
  };

  /** Whether a rule's new finding tells more than its strongest so far, which fades. */
  const outweighs = (finding: Finding, had: RuleSignal): boolean => {
    if (finding.score > had.score) return true;
    const ageMs = Date.parse(finding.detected_at) - had.at;
    return ageMs > quietMs && finding.score > had.score * 2 ** (-ageMs / risk.halfLifeMs);
  };

  const tidy = (atMs: number) => {
    tidiedAt = atMs;
    for (const incident of incidents.values()) {
      const { closedAt } = incident;
      if (closedAt !== null && closedAt < atMs - keepClosedMs) incidents.delete(incident);
    }
    for (const [id, at] of taken) if (at < atMs - 2 * windowMs) taken.delete(id);
    pending.forgetBefore(Math.min(atMs, detectedUntil) - windowMs);
  };

  return {
    take(finding, atMs, partition = null) {
      const detectedAt = Date.parse(finding.detected_at);
      if (taken.has(finding.finding_id)) {
        onIgnored('duplicate');
        return [];
      }
      detectedUntil = detectedAt;
      const concern = concernOf(finding);
      const own = incidents.openOf(concern);
      const merged = own ? null : incidents.mergedInto(concern);
      const joined = typeof merged === 'string' ? null : (own ?? merged);
      if (joined) return addFinding(joined, finding, atMs);
      pending.add(finding);
      const together = pending.of(concern, detectedAt);
      if (!isWorthAnIncident(together.map(signalOf), detectedAt, groups, risk)) return [];
      return open(finding, together, atMs, partition);
    },
    join(incidentId, finding, atMs) {
      const incident = incidents.get(incidentId);
      if (!incident || taken.has(finding.finding_id)) return [];
      const joined = incident.state === 'open' ? incident : incidents.mergedInto(incident);
      if (joined !== null && typeof joined !== 'string') return addFinding(joined, finding, atMs);
      return this.take(finding, atMs, incident.partition);
    },
    mergedElsewhere(concern) {
      const merged = incidents.openOf(concern) ? null : incidents.mergedInto(concern);
      return typeof merged === 'string' ? merged : null;
    },
    openOf: (concern) => incidents.openOf(concern),
    remember(finding) {
      if (!taken.has(finding.finding_id)) pending.add(finding);
    },
    closeDue(atMs) {
      const events: IncidentEvent[] = [];
      for (const incident of [...incidents.values()]) {
        if (incident.state !== 'open') continue;
        if (Math.max(incident.lastHeardAt, quietFrom) + quietMs > atMs || isInHand(incident)) continue;
        const body = {
          kind: 'resolved',
          reason: 'quiet',
          last_finding_at: incident.lastFindingAt,
        } as const;
        events.push(write({ incident_id: incident.id, subject: incident.subject }, body, atMs));
      }
      if (atMs >= tidiedAt + quietMs / 6) tidy(atMs);
      return events;
    },
    record(incidentId, body, atMs) {
      const incident = incidents.get(incidentId);
      if (!incident) throw new Error(`incident ${incidentId} is not in the book`);
      return write({ incident_id: incidentId, subject: incident.subject }, body, atMs);
    },
    restore(events, quietFromMs) {
      quietFrom = quietFromMs;
      const logs = [...Map.groupBy(events, (event) => event.incident_id).values()];
      logs.sort(([a], [b]) => a!.at - b!.at);
      for (const event of logs.flat()) keep(event, apply(incidents.get(event.incident_id) ?? null, event));
    },
    get: (incidentId) => incidents.get(incidentId),
    incidents: () => incidents.values(),
  };
}

/** The same subject and opening finding always give the same incident. */
export function incidentIdOf(opening: Finding): string {
  const hash = createHash('sha256').update(JSON.stringify([subjectKey(opening.subject), opening.finding_id]));
  return `inc_${hash.digest('hex').slice(0, 20)}`;
}

/** An incident is not over while a stop is under way, nor when one did not work. */
function isInHand(incident: Incident): boolean {
  const operation = lastingOperation(incident);
  switch (operation?.state) {
    case 'approved':
    case 'executing':
    case 'not_effective':
      return true;
    case 'state_confirmed':
      return operation.action === 'disable';
    default:
      return false;
  }
}

function signalOf(finding: Finding): Signal {
  const { rule_id: ruleId, score, severity } = finding;
  return { ruleId, score, severity, at: Date.parse(finding.detected_at) };
}
