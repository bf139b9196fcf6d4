import { type HygieneIssue, hygieneIssues, type KeyDetail } from '@tripkey/contract/api';
import { isGranted } from '@tripkey/detector';
import { hashSecret } from '@tripkey/service-kit';
import {
  appKeys,
  endpointsOfKey,
  keyDetail,
  lineageKeys,
  type UseDimension,
  useBy,
  useTotals,
} from '@tripkey/store/reading';
import { badRequest, notFound } from '../http/api-problem.ts';
import { type HandlersOf, Tagged } from '../http/handler.ts';
import type { AnswerParts } from './answer-parts.ts';
import { hygieneTexts } from './hygiene.ts';
import { incidentsOfKey } from './incident-related.ts';
import { toKeyHead } from './key-list.ts';
import { lifecycleOf } from './lifecycle.ts';
import { readSpan } from './read-span.ts';
import { dayMs, iso, isoOrNull } from './times.ts';
import { pointsMax, readUsage, stepFor } from './usage-answer.ts';

const listedMax = 200;
const comparedMs = 14 * dayMs;
const spanMsMax = 400 * dayMs;

/** What is known about one key. */
export function keyAnswers(
  parts: AnswerParts,
): HandlersOf<'getKey' | 'getKeyUsage' | 'getKeyActivity' | 'getKeyGrants'> {
  const { store, keys } = parts;

  async function find(key_id: string, now: number, signal: AbortSignal) {
    const [row] = await store.ask(keyDetail, { key_id, now }, signal);
    if (!row) throw notFound(`key ${key_id}: no issuer told of it, and it was never used`);
    return row;
  }

  return {
    async getKey({ params: { key_id }, at, signal }) {
      const row = await find(key_id, at, signal);
      const [lineage, peers, incidents] = await Promise.all([
        store.ask(lineageKeys, { lineage_id: row.lineage_id, now: at }, signal),
        row.app_id === '' ? [] : store.ask(appKeys, { app_id: row.app_id }, signal),
        incidentsOfKey(parts, key_id, at, signal),
      ]);
      const issues = row.issues.filter((issue): issue is HygieneIssue =>
        (hygieneIssues as readonly string[]).includes(issue),
      );
      const detail: KeyDetail = {
        ...toKeyHead(row),
        ...{ issuer: row.issuer, rate_limit: row.rate_limit, quota: row.quota },
        lineage: lineage.map((one) => ({
          key_id: one.key_id,
          status: one.status,
          created_at: isoOrNull(one.created_at),
          last_used_at: isoOrNull(one.last_used_at),
        })),
        lifecycle: lifecycleOf(row, incidents),
        hygiene: issues.map((issue) => ({
          issue,
          advice:
            issue === 'unused_scopes'
              ? `${hygieneTexts[issue].advice} They are: ${row.unused_scopes.join(', ')}.`
              : hygieneTexts[issue].advice,
        })),
        peers: { app_id: row.app_id, keys: peers[0]?.keys ?? 0 },
        open_incidents: incidents
          .filter(({ summary }) => summary.state !== 'resolved')
          .map(({ summary: { incident_id, severity, title } }) => ({ incident_id, severity, title })),
      };
      return new Tagged(hashSecret(JSON.stringify(detail)).slice(0, 16), detail);
    },
    async getKeyUsage({ params: { key_id }, query, at, signal }) {
      const row = await find(key_id, at, signal);
      const span = readSpan(query, at, dayMs, spanMsMax);
      const step = query.step_seconds ?? stepFor(span);
      if (step % 60 !== 0) throw badRequest('`step_seconds` must be a multiple of 60');
      if ((span.to - span.from) / 1000 / step > pointsMax)
        throw badRequest(`that would be more than ${pointsMax} points: take a longer step or a shorter span`);
      const subject = { kind: 'key', id: row.lineage_id } as const;
      return await readUsage(parts, subject, { subject: 'key', ids: [key_id] }, { ...span, step }, signal);
    },
    async getKeyActivity({ params: { key_id }, query, at, signal }) {
      const span = readSpan(query, at, dayMs, 31 * dayMs);
      const filter = { ids: [key_id], ...span };
      const [totals, uses] = await Promise.all([
        store.ask(useTotals('key'), filter, signal),
        store.ask(
          useBy('key', ['endpoint', 'network', 'agent', 'status']),
          { ...filter, before: span.from - comparedMs, rows: listedMax },
          signal,
        ),
      ]);
      const by = (dimension: UseDimension) => uses.filter((row) => row.dimension === dimension);
      const total = totals[0]!;
      const record = keys.get(key_id) ?? null;
      const use = (row: (typeof uses)[number]) => ({
        ...{ requests: row.requests, accepted: row.accepted, denied: row.denied },
        share: total.requests === 0 ? 0 : row.requests / total.requests,
        first_at: iso(row.first_at),
        last_at: iso(row.last_at),
        is_new: row.is_new === 1,
      });
      return {
        from: iso(span.from),
        to: iso(span.to),
        requests: total.requests,
        listed_max: listedMax,
        totals: {
          endpoints: total.endpoints,
          networks: total.networks,
          countries: total.countries,
          agents: total.agents,
          objects: total.objects,
        },
        endpoints: by('endpoint').map((row) => {
          const { method, route } = splitEndpoint(row.value);
          return { method, route, granted: isGranted(record, method, route), ...use(row) };
        }),
        networks: by('network').map((row) => ({
          ...{ network: row.value, asn: row.asn, country: row.country },
          ...use(row),
        })),
        agents: by('agent').map((row) => ({ agent_family: row.value, sample: row.sample, ...use(row) })),
        statuses: by('status').map((row) => ({
          status: Number(row.value),
          requests: row.requests,
          share: use(row).share,
        })),
      };
    },
    async getKeyGrants({ params: { key_id }, at, signal }) {
      const row = await find(key_id, at, signal);
      const used = await store.ask(endpointsOfKey, { key_id }, signal);
      const covers = (scope: string, { method, route }: (typeof used)[number]) =>
        isGranted(
          { key_id, scopes: [scope], status: 'active', protected: false, tags: {} },
          method,
          route,
        ) === true;
      return {
        registered: row.status !== 'unregistered' && row.scopes.length > 0,
        scopes: row.scopes.map((scope) => {
          const own = used.filter((one) => one.last_accepted_at > 0 && covers(scope, one));
          const last = Math.max(0, ...own.map(({ last_accepted_at }) => last_accepted_at));
          return {
            scope,
            used: own.length > 0,
            last_used_at: isoOrNull(last),
            endpoints: own.map(({ method, route, last_accepted_at }) => ({
              ...{ method, route },
              last_accepted_at: isoOrNull(last_accepted_at),
            })),
          };
        }),
        outside: used
          .filter((one) => row.scopes.length > 0 && !row.scopes.some((scope) => covers(scope, one)))
          .map(({ method, route, last_accepted_at, last_refused_at }) => ({
            ...{ method, route },
            last_accepted_at: isoOrNull(last_accepted_at),
            last_refused_at: isoOrNull(last_refused_at),
          })),
      };
    },
  };
}

/** `GET /v1/leads` as method and route. */
export function splitEndpoint(value: string): { method: string; route: string } {
  const space = value.indexOf(' ');
  return { method: value.slice(0, space), route: value.slice(space + 1) };
}
