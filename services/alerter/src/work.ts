import type { Finding } from '@tripkey/contract';
import { retry } from '@tripkey/service-kit';
import { type Lease, LeaseLostError } from '@tripkey/stream';
import type { AlertContext } from './alert/alert-message.ts';
import { Deliverer } from './alert/deliverer.ts';
import type { AlerterParts } from './alerter.ts';
import type { AlerterMetrics } from './alerter-metrics.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import { forwardFinding } from './forward-finding.ts';
import { createIncidentBook } from './incident/incident-book.ts';
import { Journal } from './journal.ts';
import { Commands } from './people/commands.ts';
import { Escalation, EscalationSettings } from './people/escalation.ts';
import { responseFacts } from './people/response-facts.ts';
import type { Silence } from './people/silence.ts';
import { ProofSettings } from './respond/proof.ts';
import { Responder } from './respond/responder.ts';

const windowMsDefault = 24 * 3_600_000;
/** The longest that an issuer may say a change takes until it is everywhere. */
const propagationMsMax = 24 * 3_600_000;

/** What is done under one lease. */
export interface Work {
  readonly lease: Lease;
  readonly journal: Journal;
  /** One for each destination. */
  readonly deliverers: readonly Deliverer[];
  readonly responder: Responder;
  readonly commands: Commands;
  readonly escalation: Escalation;
  readonly end: AbortController;
  readonly signal: AbortSignal;
  /** The batches that are being taken in, one after the other. */
  intake: Promise<void>;
  /** Lets work that was cut off by the loss of the lease end in peace. */
  guard(work: Promise<unknown>): Promise<void>;
}

/** Loads the incidents of the partitions that a lease gives, and what is pending. */
export async function openWork(
  parts: AlerterParts,
  metrics: AlerterMetrics,
  lease: Lease,
  silences: () => readonly Silence[],
  stop: AbortSignal,
): Promise<Work> {
  const { clock, log, policy, issuers, traffic, incidentLog, notifier } = parts;
  const windowMs = parts.incidents.windowMs ?? windowMsDefault;
  const proof = parts.proof ?? ProofSettings.parse({});
  // Also one that is over has a stop to watch, from when the gateways know of it.
  const keepClosedMs = Math.max(2 * windowMs, propagationMsMax + proof.watchMs);
  const book = createIncidentBook({
    ...parts.incidents,
    keepClosedMs,
    onIgnored: (reason) => metrics.ignored.inc({ reason }),
  });
  const now = clock.now();
  const events = await incidentLog.load(now - keepClosedMs);
  const elsewhere = new Set(
    events.flatMap((event) =>
      event.kind === 'opened' && event.partition !== null && !lease.partitions.includes(event.partition)
        ? [event.incident_id]
        : [],
    ),
  );
  const ours = events.filter((event) => !elsewhere.has(event.incident_id));
  book.restore(ours, now);
  const audit = new AuditTrail({ log: parts.auditLog, clock });
  const late = await audit.recover(ours);
  if (late > 0) log.warn({ entries: late }, 'entries of the incident log were not on record, they are now');
  await parts.keys.refresh();

  const end = new AbortController();
  const signal = AbortSignal.any([stop, end.signal]);
  const journal = new Journal({ book, log: incidentLog, audit, lease, clock, logger: log, stop: signal });
  const stored = await parts.storedFindings(now - windowMs);
  if (parts.recover) await take(parts, metrics, journal, stored, null, signal);
  else for (const finding of stored) book.remember(finding);

  const key = (keyId: string) => parts.keys.get(keyId);
  const consoleUrl = parts.consoleUrl ?? null;
  const context = (incident: { keyId: string | null }): AlertContext => ({
    key: incident.keyId === null ? undefined : key(incident.keyId),
    consoleUrl,
  });
  log.info(
    { incidents: journal.incidents().length, partitions: lease.partitions },
    'alerter holds incidents',
  );
  return {
    lease,
    journal,
    deliverers: [{ notifier, pacing: parts.pacing }, ...(parts.others ?? [])].map(
      (destination, n) =>
        new Deliverer({
          ...{ journal, context, silences, clock, log, metrics, isMain: n === 0 },
          surveyor: parts.surveyor,
          digestAbove: parts.digestAbove,
          ...destination,
        }),
    ),
    responder: new Responder({
      ...{ journal, incidentLog, issuers, policy, proof, traffic, key, clock, log, metrics },
      killSwitch: parts.killSwitch,
    }),
    commands: new Commands({
      ...{ journal, clock, log, metrics, queue: parts.commands },
      facts: (incident) => responseFacts(incident, { issuers, policy, key }),
    }),
    escalation: new Escalation({
      ...{ journal, silences, clock },
      settings: parts.escalation ?? EscalationSettings.parse({}),
    }),
    end,
    signal,
    intake: Promise.resolve(),
    async guard(work) {
      try {
        await work;
      } catch (error) {
        if (!signal.aborted && !(error instanceof LeaseLostError)) throw error;
      }
    },
  };
}

/** Takes findings in, and says what opened. */
export async function take(
  parts: AlerterParts,
  metrics: AlerterMetrics,
  journal: Journal,
  findings: readonly Finding[],
  partition: number | null,
  signal: AbortSignal,
): Promise<void> {
  const { incidentLog, commands, clock, log } = parts;
  const own: Finding[] = [];
  for (const finding of await untaken(parts, metrics, findings, signal)) {
    const isAway = await retry(
      () => forwardFinding({ journal, incidentLog, commands }, finding, clock.now()),
      {
        ...{ clock, signal },
        onRetry: (err, attempt, waitMs) =>
          log.warn({ err, attempt, waitMs }, 'cannot send a finding on to the incident it belongs to'),
      },
    );
    if (!isAway) own.push(finding);
  }
  for (const event of await journal.take(own, partition)) {
    if (event.kind !== 'opened') continue;
    metrics.opened.inc({ severity: event.severity });
    const { incident_id: incident, severity, score, subject } = event;
    parts.log.info({ incident, severity, score, subject }, 'incident opened');
  }
}

/**
 * The findings without those that were taken before this alerter can remember. A detector or an alerter that was away for
 * long brings old ones, and people are told of them; so does a group whose offsets were set back.
 */
async function untaken(
  { incidentLog, incidents, clock, log }: AlerterParts,
  metrics: AlerterMetrics,
  findings: readonly Finding[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const since = clock.now() - (incidents.windowMs ?? windowMsDefault);
  const old = findings.filter(({ detected_at }) => Date.parse(detected_at) < since);
  if (old.length === 0) return findings;
  const taken = await retry(() => incidentLog.findingsIn(old.map(({ finding_id }) => finding_id)), {
    ...{ clock, signal },
    onRetry: (err, attempt, waitMs) =>
      log.warn({ err, attempt, waitMs }, 'cannot look which old findings are in incidents, trying again'),
  });
  metrics.ignored.inc({ reason: 'duplicate' }, taken.size);
  return findings.filter(({ finding_id }) => !taken.has(finding_id));
}
