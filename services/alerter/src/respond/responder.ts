import { type KeyRecord, severityRank } from '@tripkey/contract';
import type { KeyIssuer } from '@tripkey/issuers';
import type { Clock, Logger } from '@tripkey/service-kit';
import { durationText } from '../alert/wording.ts';
import type { AlerterMetrics } from '../alerter-metrics.ts';
import { currentOperation, type Incident, lastingOperation } from '../incident/incident.ts';
import type { IncidentEventBody } from '../incident/incident-event.ts';
import { type Operation, operationIdOf, policyApprover } from '../incident/operation.ts';
import type { IncidentLog } from '../incident-log.ts';
import type { Journal } from '../journal.ts';
import { Execution } from './execution.ts';
import {
  checkGuards,
  frozenBy,
  type GuardFacts,
  type GuardVerdict,
  issuerSaysNothing,
  overCap,
  tooManyOdd,
} from './guards.ts';
import { IssuerMarks } from './issuer-marks.ts';
import { issuerOf } from './issuer-of.ts';
import type { KillSwitch } from './kill-switch.ts';
import { decide, type ResponsePolicy } from './policy.ts';
import { Proof, type ProofSettings } from './proof.ts';
import { StepFacts } from './step-facts.ts';
import type { Traffic } from './traffic.ts';

export interface ResponderParts {
  readonly journal: Journal;
  readonly incidentLog: Pick<IncidentLog, 'automaticStopsSince' | 'oddKeysSince'>;
  readonly issuers: ReadonlyMap<string, KeyIssuer>;
  readonly policy: ResponsePolicy;
  readonly proof: ProofSettings;
  readonly traffic: Traffic;
  readonly killSwitch: KillSwitch;
  readonly key: (keyId: string) => KeyRecord | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: AlerterMetrics;
}

const dayMs = 24 * 3_600_000;

/** Whether the log says so already. */
function said({ response }: Incident, mode: 'observe' | 'held', reason: string): boolean {
  return response?.mode === mode && response.reason === reason;
}

/** Decides about open incidents, carries out what was approved, and proves it. One operation at a time. */
export class Responder {
  readonly #parts: ResponderParts;
  readonly #execution: Execution;
  readonly #proof: Proof;
  readonly #marks = new IssuerMarks();
  #facts: StepFacts;

  constructor(parts: ResponderParts) {
    this.#parts = parts;
    const { clock, traffic } = parts;
    this.#facts = this.#factsNow();
    const record = (incidentId: string, body: IncidentEventBody) => this.#record(incidentId, body);
    this.#execution = new Execution({ clock, record });
    this.#proof = new Proof({ settings: parts.proof, traffic, clock, record });
  }

  /** Takes every incident one step on, the worst first. What fails for one is logged, counted and tried again with the next call. */
  async step(signal: AbortSignal): Promise<void> {
    this.#facts = this.#factsNow();
    const incidents = this.#parts.journal
      .incidents()
      .sort((a, b) => severityRank(b.severity) - severityRank(a.severity));
    await Promise.all(incidents.map((incident) => this.#observe(incident)));
    for (const { id } of incidents) {
      if (signal.aborted) return;
      try {
        await this.#stepOne(this.#parts.journal.get(id)!, signal);
      } catch (err) {
        if (signal.aborted) return;
        this.#parts.metrics.responseErrors.inc();
        this.#parts.log.warn({ err, incident: id }, 'response step failed, trying again');
      }
    }
  }

  async #stepOne(incident: Incident, signal: AbortSignal): Promise<void> {
    const operation = currentOperation(incident);
    if (!operation) {
      if (incident.state === 'open' && incident.keyId !== null)
        await this.#decide(incident, incident.keyId, signal);
      return;
    }
    if (operation.state === 'approved' || operation.state === 'executing') {
      if (this.#parts.clock.now() < operation.notBefore) return;
      if (operation.state === 'approved') {
        const reason = await this.#mayNotBegin(operation);
        const { id: operation_id } = operation;
        if (reason !== null) {
          await this.#record(incident.id, { kind: 'operation_expired', operation_id, reason });
          return this.#facts.stopsChanged();
        }
      }
      const issuer = this.#parts.issuers.get(operation.issuer);
      if (issuer) return this.#execution.step(incident, operation, issuer, signal);
      const reason = `no issuer ${operation.issuer} is configured`;
      await this.#record(incident.id, {
        kind: 'operation_failed',
        operation_id: operation.id,
        action: operation.action,
        reason,
      });
    } else await this.#prove(incident, signal);
  }

  /** A stop that could not be taken back is watched on. */
  async #prove(incident: Incident, signal: AbortSignal): Promise<void> {
    const stop = lastingOperation(incident);
    if (stop?.action !== 'disable') return;
    if (stop.state !== 'state_confirmed' && stop.state !== 'traffic_confirmed') return;
    await this.#proof.step(incident, stop, this.#parts.issuers.get(stop.issuer), signal);
  }

  /** Writes down, of many incidents at once, which of them the policy leaves to people. */
  async #observe(incident: Incident): Promise<void> {
    if (incident.state !== 'open' || incident.keyId === null || currentOperation(incident)) return;
    const { mode, rule } = decide(this.#parts.policy, incident, this.#parts.key(incident.keyId));
    const reason = rule ? `policy ${rule}` : 'no policy matches';
    if (mode !== 'observe' || said(incident, 'observe', reason)) return;
    await this.#parts.journal.decide(incident.id, (now) =>
      now.state === 'open' && !currentOperation(now) ? [{ kind: 'response_observed', reason }] : [],
    );
  }

  async #decide(incident: Incident, keyId: string, signal: AbortSignal): Promise<void> {
    const { journal, policy } = this.#parts;
    const key = this.#parts.key(keyId);
    const { mode, rule } = decide(policy, incident, key);
    if (mode === 'observe') return;
    const issuer = issuerOf(this.#parts.issuers, key);
    const facts =
      mode === 'act' && issuer !== null
        ? await this.#guardFacts(incident, keyId, this.#parts.issuers.get(issuer)!, signal)
        : null;
    const operationId = operationIdOf(incident.id, 'disable', keyId, incident.operations.length);
    /** Not when a person was faster. */
    const propose = (...bodies: IncidentEventBody[]) =>
      journal.decide(incident.id, (now) =>
        now.operations.length > incident.operations.length || now.state !== 'open' ? [] : bodies,
      );
    const proposed = (mode: 'propose' | 'act', reason: string, loud = false): IncidentEventBody => ({
      kind: 'operation_proposed',
      operation_id: operationId,
      action: 'disable',
      key_id: keyId,
      issuer: issuer ?? key?.issuer ?? 'unknown',
      mode,
      ...(loud ? { loud } : {}),
      ...(facts?.protectedByIssuer === true ? { protected: true } : {}),
      reason,
    });
    const byPeople = (reason: string) => ({ kind: 'propose', reason, loud: false }) as const;
    const verdict: GuardVerdict =
      mode === 'propose'
        ? byPeople(`policy ${rule} proposes`)
        : facts === null
          ? byPeople('no configured issuer knows the key')
          : checkGuards(policy, facts);
    if (verdict.kind === 'propose') {
      await propose(proposed('propose', `${verdict.reason}.`, verdict.loud));
      this.#parts.metrics.actions.inc({ action: 'disable', result: 'proposed' });
      if (verdict.loud) this.#parts.metrics.circuitOpened.inc();
    } else if (verdict.kind === 'hold') {
      const { reason } = verdict;
      if (!said(incident, 'held', reason)) await this.#record(incident.id, { kind: 'response_held', reason });
    } else {
      // Both in one write: a proposal alone would be one for people.
      const because = `${incident.rules[0]?.title ?? 'Unusual use'}; policy ${rule}.`;
      const approved = {
        kind: 'operation_approved',
        operation_id: operationId,
        by: policyApprover,
        key_id: keyId,
        ...(policy.graceMs > 0 ? { not_before: this.#parts.clock.now() + policy.graceMs } : {}),
      } as const;
      await propose(proposed('act', because), approved);
      this.#facts.stopsChanged();
      this.#parts.metrics.actions.inc({ action: 'disable', result: 'approved' });
    }
  }

  /** The issuer is asked only when nothing else objects: one that does not answer must not keep the others' keys waiting. */
  async #guardFacts(
    incident: Incident,
    keyId: string,
    issuer: KeyIssuer,
    signal: AbortSignal,
  ): Promise<GuardFacts> {
    const { policy, clock } = this.#parts;
    const facts = await this.#ownFacts(incident, keyId);
    const verdict = checkGuards(policy, facts);
    if (verdict.kind !== 'hold' || verdict.reason !== issuerSaysNothing) return facts;
    const protectedByIssuer = await this.#marks.isProtected(issuer, keyId, clock.now(), signal);
    // All else anew: it may have taken its time.
    return { ...(await this.#ownFacts(incident, keyId)), protectedByIssuer };
  }

  /** What is known without the issuer. */
  async #ownFacts(incident: Incident, keyId: string): Promise<GuardFacts> {
    const { policy, traffic, clock, killSwitch } = this.#parts;
    const key = this.#parts.key(keyId);
    const nowMs = clock.now();
    const killed = await killSwitch.state();
    const { protectedTrafficShare } = policy;
    return {
      ...{ nowMs, incident, keyId, key },
      ...(await this.#capFacts()),
      protectedByIssuer: 'unknown',
      killedBy: killed?.isOn ? killed.by : null,
      trafficShare: protectedTrafficShare === undefined ? null : await traffic.shareOf(keyId, nowMs - dayMs),
      frontierMs: await this.#facts.frontier(),
      oddKeys: await this.#facts.oddKeys(),
    };
  }

  async #capFacts() {
    const { key } = this.#parts;
    return {
      ownerOf: (keyId: string) => key(keyId)?.owner,
      stops: await this.#facts.stops(),
      activeKeys: await this.#facts.activeKeys(),
    };
  }

  #factsNow(): StepFacts {
    const { incidentLog, traffic, clock, policy } = this.#parts;
    return new StepFacts(incidentLog, traffic, clock.now(), policy.oddKeys.withinMs);
  }

  /**
   * Why an approved operation may not begin after all; null when it may. Asked right before the issuer is, since other
   * alerters approve at the same time, switches are turned, a grace ends in a freeze or in an outage, and an alerter may
   * have been away.
   */
  async #mayNotBegin(operation: Operation): Promise<string | null> {
    const { policy, clock, killSwitch } = this.#parts;
    const nowMs = clock.now();
    if (nowMs > Math.max(operation.since, operation.notBefore) + policy.approvalMs)
      return `the approval expired after ${durationText(policy.approvalMs)}`;
    if (operation.approvedBy !== policyApprover) return null;
    const killed = await killSwitch.state();
    if (killed?.isOn) return `the kill switch is on, by ${killed.by}`;
    const facts = await this.#capFacts();
    return (
      frozenBy(policy, nowMs) ??
      overCap(policy, { nowMs, keyId: operation.keyId, more: 0, ...facts }) ??
      tooManyOdd(policy, { ...facts, oddKeys: await this.#facts.oddKeys() })
    );
  }

  /** @returns whether it was recorded: a step of an operation that a person cancelled meanwhile is not. */
  async #record(incidentId: string, body: IncidentEventBody): Promise<boolean> {
    const { journal } = this.#parts;
    if (!('operation_id' in body)) {
      await journal.record(incidentId, body);
      return true;
    }
    const operationOf = (incident: Incident) =>
      incident.operations.find(({ id }) => id === body.operation_id)!;
    const goesOn = (incident: Incident) => operationOf(incident).state !== 'cancelled';
    const written = await journal.decide(incidentId, (incident) => (goesOn(incident) ? [body] : []));
    if (written.length === 0) return false;
    const operation = operationOf(journal.get(incidentId)!);
    const result = body.kind.slice('operation_'.length);
    this.#parts.metrics.actions.inc({ action: operation.action, result });
    this.#parts.log.info({ incident: incidentId, operation: body.operation_id, result }, 'response');
    if (body.kind !== 'operation_state_confirmed' || operation.action !== 'disable') return true;
    const openedAt = journal.get(incidentId)?.openedAt ?? this.#parts.clock.now();
    this.#parts.metrics.stoppedSeconds.observe((this.#parts.clock.now() - openedAt) / 1000);
    return true;
  }
}
