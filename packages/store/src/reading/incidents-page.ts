import * as z from 'zod';
import { defineQuestion } from '../question.ts';

export const incidentSorts = ['opened_at', 'last_finding_at', 'severity', 'score'] as const;
export type IncidentSort = (typeof incidentSorts)[number];
export const incidentFacets = ['state', 'severity', 'rule_id', 'app_id'] as const;
export type IncidentFacet = (typeof incidentFacets)[number];

const severityRank = "indexOf(['info', 'low', 'medium', 'high', 'critical'], severity)";
const sorts: Record<IncidentSort, string> = {
  opened_at: 'toUnixTimestamp64Milli(opened_at)',
  last_finding_at: 'toUnixTimestamp64Milli(last_finding_at)',
  severity: severityRank,
  score: 'score',
};

const filters: Record<string, string> = {
  state: '(empty({state:Array(String)}) OR has({state:Array(String)}, state))',
  severity: '(empty({severity:Array(String)}) OR has({severity:Array(String)}, severity))',
  rule_id: "({rule_id:String} = '' OR has(rules, {rule_id:String}))",
  app_id: "({app_id:String} = '' OR app_id = {app_id:String})",
  rest: `
    (empty({subject_kind:Array(String)}) OR has({subject_kind:Array(String)}, subject_kind))
    AND ({key_id:String} = '' OR key_id = {key_id:String})
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND ({resolution:String} = '' OR resolution = {resolution:String})
    AND opened_at >= fromUnixTimestamp64Milli({from:Int64}) AND opened_at < fromUnixTimestamp64Milli({to:Int64})
    AND ({q:String} = '' OR positionCaseInsensitiveUTF8(
        concat(incident_id, '\\n', title, '\\n', key_id, '\\n', subject_id, '\\n', account_id, '\\n', app_id), {q:String}) > 0
        OR (key_id != '' AND key_id IN (
            SELECT key_id FROM keys_v1 FINAL WHERE positionCaseInsensitiveUTF8(concat(name, '\\n', owner), {q:String}) > 0)))`,
};

const allBut = (facet: string | null) =>
  Object.entries(filters)
    .filter(([name]) => name !== facet)
    .map(([, sql]) => sql)
    .join('\n    AND ');

export const IncidentFilters = z.object({
  state: z.array(z.string()),
  severity: z.array(z.string()),
  subject_kind: z.array(z.string()),
  rule_id: z.string(),
  key_id: z.string(),
  account_id: z.string(),
  app_id: z.string(),
  resolution: z.string(),
  q: z.string(),
  from: z.int().describe('epoch ms'),
  to: z.int().describe('epoch ms'),
});

/** Ids of a page of the incidents that filters let through, after a place in the order. */
export function incidentsPage(sort: IncidentSort, order: 'asc' | 'desc') {
  return defineQuestion({
    name: `incidents-page-by-${sort}`,
    sql: `
      SELECT incident_id, toFloat64(${sorts[sort]}) AS sorted
      FROM incidents
      WHERE ${allBut(null)}
        AND ({has_place:Bool} = 0 OR (sorted, incident_id) ${order === 'asc' ? '>' : '<'} ({after_value:Float64}, {after_id:String}))
      ORDER BY sorted ${order}, incident_id ${order}
      LIMIT {rows:UInt32}`,
    params: IncidentFilters.extend({
      has_place: z.boolean(),
      after_value: z.number(),
      after_id: z.string(),
      rows: z.int().positive(),
    }),
    row: z.object({ incident_id: z.string(), sorted: z.number() }),
  });
}

/** How many incidents the filters let through. */
export const incidentsCount = defineQuestion({
  name: 'incidents-count',
  sql: `SELECT count() AS incidents FROM incidents WHERE ${allBut(null)}`,
  params: IncidentFilters,
  row: z.object({ incidents: z.number() }),
});

/** How many incidents each value of each filter would leave, the other filters staying as they are. */
export const incidentFacetCounts = defineQuestion({
  name: 'incident-facet-counts',
  sql: incidentFacets
    .map((facet) => {
      const value = facet === 'rule_id' ? 'arrayJoin(rules)' : facet;
      return `
      SELECT '${facet}' AS facet, toString(${value}) AS value, count() AS incidents
      FROM incidents WHERE ${allBut(facet)} GROUP BY value ORDER BY incidents DESC, value LIMIT 20`;
    })
    .map((sql) => `SELECT * FROM (${sql})`)
    .join(' UNION ALL '),
  params: IncidentFilters,
  row: z.object({ facet: z.enum(incidentFacets), value: z.string(), incidents: z.number() }),
});

/** Every event of some incidents, in order. */
export const eventsOfIncidents = defineQuestion({
  name: 'events-of-incidents',
  sql: `
    SELECT incident_id, seq, toUnixTimestamp64Milli(e.at) AS at, kind, subject_kind, subject_id, data
    FROM incident_events_v1 AS e FINAL
    WHERE incident_id IN ({incidents:Array(String)})
    ORDER BY incident_id, seq`,
  params: z.object({ incidents: z.array(z.string()) }),
  row: z.object({
    incident_id: z.string(),
    seq: z.number(),
    at: z.number(),
    kind: z.string(),
    subject_kind: z.string(),
    subject_id: z.string(),
    data: z.string(),
  }),
});
