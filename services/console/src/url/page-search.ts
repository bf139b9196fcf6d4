import { keyStatuses, severities } from '@tripkey/contract';
import { hygieneIssues, incidentStates, operationStates } from '@tripkey/contract/api';
import * as z from 'zod';

/** An address may say anything; what a page does not understand is left out. */
const text = z.string().max(2_000).optional().catch(undefined);
const words = <const V extends readonly string[]>(values: V) => z.enum(values).optional().catch(undefined);
const list = <const V extends readonly string[]>(values: V) =>
  z
    .preprocess(
      (value) =>
        (Array.isArray(value) ? value : value === undefined ? [] : [value]).filter((one) =>
          values.includes(one),
        ),
      z.array(z.enum(values)),
    )
    .transform((found) => (found.length === 0 ? undefined : found))
    .optional();

export const RangeSearch = z.object({ from: text, to: text });
const order = { order: words(['asc', 'desc']) };

/** `all` stands for every state; without any, those that are not resolved. */
export const IncidentsSearch = RangeSearch.extend({
  state: list([...incidentStates, 'all']),
  severity: list(severities),
  rule: text,
  app: text,
  q: text,
  sort: words(['opened_at', 'last_finding_at', 'severity', 'score']),
  ...order,
  row: text,
});
export type IncidentsSearch = z.infer<typeof IncidentsSearch>;

export const KeysSearch = z.object({
  q: text,
  status: list([...keyStatuses, 'unregistered']),
  hygiene: words(hygieneIssues),
  sort: words(['key_id', 'last_used_at', 'created_at', 'requests_24h']),
  ...order,
});
export type KeysSearch = z.infer<typeof KeysSearch>;

export const KeySearch = RangeSearch.extend({
  tab: words(['activity', 'grants', 'lifecycle']),
  measure: words(['requests', 'denied', 'bytes_out', 'errors_5xx']),
});

export const EndpointsSearch = RangeSearch.extend({
  q: text,
  sort: words(['requests', 'keys', 'denied', 'errors_5xx', 'bytes_out', 'route']),
  ...order,
});

export const IncidentSearch = RangeSearch.extend({
  measure: words(['requests', 'denied', 'bytes_out', 'errors_5xx']),
});
export const RulesSearch = z.object({ sort: words(['noise', 'title']) });
export const ActionsSearch = z.object({
  state: list(operationStates),
  tab: words(['operations', 'policy', 'silences']),
});
export const AuditSearch = RangeSearch.extend({ actor: text, kind: text, incident: text });
export const LeaksSearch = z.object({ matched: words(['yes', 'no']) });
export const PipelineSearch = z.object({ reason: text });
export const SqlSearch = z.object({ sql: z.string().max(100_000).optional().catch(undefined) });
