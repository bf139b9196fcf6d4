import type { Incident } from '@tripkey/alerter';
import type { Span } from './read-span.ts';
import { iso } from './times.ts';

/** A text as SQL writes it. */
export function sqlText(text: string): string {
  return `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`;
}

const time = (ms: number) => `toDateTime64(${sqlText(iso(ms).slice(0, -1).replace('T', ' '))}, 3, 'UTC')`;

/** What the panels of an incident show, as queries that a person can go on from. */
export function incidentSql(incident: Incident, span: Span): { title: string; sql: string }[] {
  const { kind, id } = incident.subject;
  const between = (column: string) => `${column} >= ${time(span.from)} AND ${column} < ${time(span.to)}`;
  const findings = {
    title: 'its findings',
    sql: `SELECT detected_at, rule_id, severity, score, title, evidence
FROM findings
WHERE subject_kind = ${sqlText(kind)} AND subject_id = ${sqlText(id)} AND ${between('detected_at')}
ORDER BY detected_at`,
  };
  if (incident.keyId === null) return [findings];
  const key = `key_id = ${sqlText(incident.keyId)}`;
  return [
    {
      title: 'requests a minute',
      sql: `SELECT minute, requests, accepted, denied, errors_5xx, bytes_out
FROM usage
WHERE ${key} AND ${between('minute')}
ORDER BY minute`,
    },
    {
      title: 'requests behind it',
      sql: `SELECT ts, method, path, status, client_ip, country, user_agent, bytes_out
FROM requests_raw_v1
WHERE ${key} AND ${between('ts')} AND is_repeat = 0
ORDER BY ts DESC
LIMIT 1000`,
    },
    {
      title: 'networks, and when each was used first',
      sql: `SELECT network, country, count() AS requests, countIf(outcome = 'valid') AS accepted, min(ts) AS first_at
FROM requests_raw_v1
WHERE ${key} AND ts >= ${time(span.from)} - INTERVAL 14 DAY AND is_repeat = 0
GROUP BY network, country
ORDER BY first_at DESC`,
    },
    {
      title: 'what was read',
      sql: `SELECT route, uniqExact(path) AS objects, count() AS requests, sum(bytes_out) AS bytes_out
FROM requests_raw_v1
WHERE ${key} AND ${between('ts')} AND outcome = 'valid' AND is_repeat = 0
GROUP BY route
ORDER BY objects DESC`,
    },
    findings,
  ];
}
