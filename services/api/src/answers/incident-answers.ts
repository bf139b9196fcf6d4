import {
  amounts,
  type Incident,
  RiskSettings,
  responseFacts,
  responseText,
  shareOfRisk,
  toAlertMessage,
} from '@tripkey/alerter';
import type { IncidentDetail, Why } from '@tripkey/contract/api';
import { isGranted } from '@tripkey/detector';
import { ruleGroups } from '@tripkey/rules';
import { reachOf, samplesPage, useBy, useTotals } from '@tripkey/store/reading';
import * as z from 'zod';
import { badRequest, notFound } from '../http/api-problem.ts';
import { fromCursor, pageFrom } from '../http/cursor.ts';
import { type HandlersOf, Tagged } from '../http/handler.ts';
import type { AnswerParts } from './answer-parts.ts';
import { incidentsOfKey } from './incident-related.ts';
import { incidentSql } from './incident-sql.ts';
import { type LoadedIncident, loadIncidents, toIncidentSummary } from './incident-summary.ts';
import { splitEndpoint } from './key-answers.ts';
import { readSpan, type Span } from './read-span.ts';
import { requestsOfSubject } from './subject-requests.ts';
import { dayMs, hourMs, iso } from './times.ts';
import { toOperations } from './to-operation.ts';
import { pointsMax, readUsage, stepFor } from './usage-answer.ts';

const Place = z.tuple([z.int(), z.string()]);
const comparedMs = 14 * dayMs;
const listedMax = 50;
type Answered = 'getIncident' | 'getIncidentChart' | 'getIncidentChanges' | 'listIncidentSamples';

/** One incident: what happened, why, how far it reached. */
export function incidentAnswers(parts: AnswerParts): HandlersOf<Answered> {
  const { store, keys, config, issuers } = parts;
  return {
    async getIncident({ params: { incident_id }, at, signal, caller }) {
      const loaded = await findIncident(parts, incident_id, signal);
      const { incident } = loaded;
      const key = incident.keyId === null ? undefined : keys.get(incident.keyId);
      const message = toAlertMessage(incident, { key, consoleUrl: null });
      const related = incident.keyId === null ? [] : await incidentsOfKey(parts, incident.keyId, at, signal);
      const facts = responseFacts(incident, { issuers, policy: config.response, key: (id) => keys.get(id) });
      const detail: IncidentDetail = {
        ...toIncidentSummary(loaded, parts, at),
        seq: incident.seq,
        sentence: message.summary,
        response: responseText(incident),
        policy: incident.response && { mode: incident.response.mode, reason: incident.response.reason },
        why: whyOf(incident, config.incidents.risk),
        operations: toOperations(loaded),
        choices: message.choices.map(({ kind, operationId }) => ({
          action: kind,
          operation_id: operationId,
          allowed: caller.scopes.has(actions.has(kind) ? 'act' : 'triage'),
        })),
        messages: [...incident.deliveries.values()].flatMap(({ ref, state }) =>
          ref ? [{ ...ref, state }] : [],
        ),
        protected: facts.isProtected,
        related: related
          .filter(({ summary }) => summary.incident_id !== incident_id)
          .map(({ summary: { title, state, opened_at, ...one } }) => ({
            ...{ incident_id: one.incident_id, title, state, opened_at },
          })),
        sql: incidentSql(incident, spanOf(incident, at)),
      };
      return new Tagged(stateTag(loaded), detail);
    },
    async getIncidentChart({ params: { incident_id }, query, at, signal }) {
      const { incident } = await findIncident(parts, incident_id, signal);
      const around = spanOf(incident, at);
      const asked = { from: iso(around.from - 12 * hourMs), to: iso(Math.min(at, around.to + 2 * hourMs)) };
      const span = readSpan(
        { from: query.from ?? asked.from, to: query.to ?? asked.to },
        at,
        dayMs,
        92 * dayMs,
      );
      const step = query.step_seconds ?? stepFor(span);
      if (step % 60 !== 0) throw badRequest('`step_seconds` must be a multiple of 60');
      if ((span.to - span.from) / 1000 / step > pointsMax)
        throw badRequest(`that would be more than ${pointsMax} points: take a longer step or a shorter span`);
      const requests = await requestsOfSubject(parts, incident.subject, incident.keyId, at, signal);
      return await readUsage(parts, incident.subject, requests, { ...span, step }, signal);
    },
    async getIncidentChanges({ params: { incident_id }, at, signal }) {
      const { incident } = await findIncident(parts, incident_id, signal);
      const { subject, ids } = await requestsOfSubject(parts, incident.subject, incident.keyId, at, signal);
      const span = spanOf(incident, at);
      const compared = span.from - comparedMs;
      const filter = { ids: [...ids], ...span };
      const dimensions = ['network', 'endpoint', 'agent'] as const;
      const stoppedAt = incident.operations.findLast(
        ({ action, stoppedAt }) => action === 'disable' && stoppedAt !== null,
      )?.stoppedAt;
      const [uses, now, before, reach, after] = await Promise.all([
        store.ask(useBy(subject, dimensions), { ...filter, before: compared, rows: 500 }, signal),
        store.ask(useTotals(subject), filter, signal),
        store.ask(useTotals(subject), { ids: [...ids], from: compared, to: span.from }, signal),
        store.ask(reachOf(subject), filter, signal),
        stoppedAt ? store.ask(useTotals(subject), { ids: [...ids], from: stoppedAt, to: at }, signal) : null,
      ]);
      const record = incident.keyId === null ? null : (keys.get(incident.keyId) ?? null);
      const news = (dimension: (typeof dimensions)[number]) =>
        uses.filter((row) => row.dimension === dimension && row.is_new === 1).slice(0, listedMax);
      const total = now[0]!;
      const rate = (what: 'requests' | 'bytes_out' | 'denied' | 'errors_5xx') => ({
        what,
        now: perMinute(total[what], total.minutes),
        before: perMinute(before[0]![what], before[0]!.minutes),
      });
      return {
        from: iso(span.from),
        to: iso(span.to),
        compared_from: iso(compared),
        new_networks: news('network').map((row) => ({
          ...{ network: row.value, asn: row.asn, country: row.country },
          ...{ requests: row.requests, first_at: iso(row.first_at) },
        })),
        new_endpoints: news('endpoint').map((row) => {
          const { method, route } = splitEndpoint(row.value);
          const granted = isGranted(record, method, route);
          return { method, route, granted, requests: row.requests, first_at: iso(row.first_at) };
        }),
        new_agents: news('agent').map((row) => ({
          ...{ agent_family: row.value, requests: row.requests, first_at: iso(row.first_at) },
        })),
        rates: [rate('requests'), rate('bytes_out'), rate('denied'), rate('errors_5xx')],
        blast_radius: {
          ...{ requests: total.requests, accepted: total.accepted, bytes_out: total.bytes_out },
          ...{ objects: total.objects, writes: total.writes, networks: total.networks },
          endpoints: reach,
          after_stop: after ? after[0]!.accepted : null,
        },
      };
    },
    async listIncidentSamples({ params: { incident_id }, query, at, signal }) {
      const { incident } = await findIncident(parts, incident_id, signal);
      const { subject, ids } = await requestsOfSubject(parts, incident.subject, incident.keyId, at, signal);
      const after = fromCursor(query.cursor, Place);
      const place = { has_place: after !== null, after_at: after?.[0] ?? 0, after_place: after?.[1] ?? '' };
      const span = spanOf(incident, at);
      const rows = await store.ask(
        samplesPage(subject),
        // What was seen when a page is turned is not mixed with what came since.
        { ids: [...ids], ...span, ...place, rows: query.limit + 1 },
        signal,
      );
      return pageFrom(
        rows,
        query.limit,
        (row) => [row.at, row.place],
        ({ at: ts, place: _, ...row }) => ({ ts: iso(ts), ...row }),
      );
    },
  };
}

const actions = new Set(['stop', 'approve', 'cancel', 'undo']);

/** @throws {ApiProblem} 404 */
export async function findIncident(
  parts: Pick<AnswerParts, 'store'>,
  incidentId: string,
  signal?: AbortSignal,
): Promise<LoadedIncident> {
  const loaded = (await loadIncidents(parts, [incidentId], signal)).get(incidentId);
  if (!loaded) throw notFound(`incident ${incidentId}`);
  return loaded;
}

/** Changes with everything that people decide upon, and not with each finding or message. */
export function stateTag({ events }: LoadedIncident): string {
  const last = events.findLast(({ kind }) => kind !== 'finding_added' && !kind.startsWith('message_'));
  return String(last?.seq ?? 0);
}

/** From the first window that was flagged until it was over, event time. */
function spanOf(incident: Incident, now: number): Span {
  return { from: incident.firstFindingAt - 15 * 60_000, to: (incident.closedAt ?? now) + 60_000 };
}

function whyOf(incident: Incident, risk: RiskSettings): Why[] {
  const shares = shareOfRisk(incident.rules, incident.lastFindingAt, ruleGroups, RiskSettings.parse(risk));
  return incident.rules.map((rule, i) => ({
    rule_id: rule.ruleId,
    rule_version: rule.ruleVersion,
    title: rule.title,
    detail: amounts(rule.evidence),
    group: ruleGroups.get(rule.ruleId) ?? rule.ruleId,
    severity: rule.severity,
    score: rule.score,
    contribution: Math.round((shares[i] ?? 0) * 1000) / 1000,
    times: rule.count,
    detected_at: iso(rule.at),
    evidence: rule.evidence,
  }));
}

function perMinute(count: number, minutes: number): number {
  return minutes === 0 ? 0 : Math.round((count / minutes) * 100) / 100;
}
