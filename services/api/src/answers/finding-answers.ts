import { amounts } from '@tripkey/alerter';
import type { Finding } from '@tripkey/contract';
import type { FindingSummary } from '@tripkey/contract/api';
import { reproduce } from '@tripkey/detector';
import { findingFromRow, findingsOf } from '@tripkey/store';
import { findingsPage } from '@tripkey/store/reading';
import * as z from 'zod';
import { notFound } from '../http/api-problem.ts';
import { fromCursor, pageFrom } from '../http/cursor.ts';
import type { HandlersOf } from '../http/handler.ts';
import type { AnswerParts } from './answer-parts.ts';
import { readFilterSpan } from './read-span.ts';
import { incidentsOf } from './usage-answer.ts';

const Place = z.tuple([z.int(), z.string()]);

interface Filters {
  readonly rule_id?: string | undefined;
  readonly key_id?: string | undefined;
  readonly account_id?: string | undefined;
  readonly severity?: string[];
  readonly subject_kind?: string[];
  readonly in_incident?: 'yes' | 'no' | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly incident_id?: string;
}

/** What the rules saw. */
export function findingAnswers({
  store,
}: AnswerParts): HandlersOf<'listFindings' | 'getFinding' | 'listIncidentFindings'> {
  async function list(
    filters: Filters,
    page: { limit: number; cursor?: string | undefined },
    signal: AbortSignal,
  ) {
    const { rule_id = '', key_id = '', account_id = '', severity = [], subject_kind = [] } = filters;
    const { in_incident = '', incident_id = '' } = filters;
    const after = fromCursor(page.cursor, Place);
    const rows = await store.ask(
      findingsPage,
      {
        ...{ rule_id, key_id, account_id, severity, subject_kind, in_incident, incident_id },
        ...readFilterSpan(filters),
        ...{ has_place: after !== null, after_at: after?.[0] ?? 0, after_id: after?.[1] ?? '' },
        rows: page.limit + 1,
      },
      signal,
    );
    const incidents = await incidentsOf(
      store,
      rows.map(({ finding_id }) => finding_id),
      signal,
    );
    return pageFrom(
      rows,
      page.limit,
      ({ detected_at, finding_id }) => [detected_at, finding_id],
      (row) => toFindingSummary(findingFromRow(row), incidents.get(row.finding_id) ?? null),
    );
  }

  return {
    listFindings: ({ query, signal }) => list(query, query, signal),
    listIncidentFindings: ({ params: { incident_id }, query, signal }) =>
      list({ incident_id }, query, signal),
    async getFinding({ params: { finding_id }, signal }) {
      const [row] = await store.ask(findingsOf, { id: finding_id }, signal);
      if (!row) throw notFound(`finding ${finding_id}`);
      const finding = findingFromRow(row);
      const again = reproduce(finding);
      const incidents = await incidentsOf(store, [finding_id], signal);
      return {
        finding,
        incident_id: incidents.get(finding_id) ?? null,
        again: {
          outcome: again.outcome,
          reason: again.outcome === 'impossible' ? again.reason : null,
          differences: again.outcome === 'different' ? [...again.differences] : [],
        },
      };
    },
  };
}

function toFindingSummary(finding: Finding, incident_id: string | null): FindingSummary {
  const { evidence, ...head } = finding;
  return { ...head, detail: amounts(evidence), incident_id };
}
