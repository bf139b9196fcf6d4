import type { RequestRow } from '@tripkey/store';

/**
 * One row of JSONCompactEachRow, values in the order of `requestColumns`, without a line end. Text that is not
 * well-formed UTF-16 is repaired: ClickHouse refuses the whole batch for one lone surrogate.
 *
 * Put together by hand, as it is made for every event; a property holds it against `JSON.stringify`.
 */
export function encodeRow(row: RequestRow): string {
  return (
    `[${row.ts},${quote(row.event_id)},${quote(row.key_id)},${quote(row.account_id)},${quote(row.app_id)},` +
    `${quote(row.method)},${quote(row.route)},${quote(row.path)},${row.status},${quote(row.outcome)},` +
    `${quote(row.client_ip)},${quote(row.network)},${row.asn},${quote(row.country)},${quote(row.user_agent)},` +
    `${quote(row.agent_family)},${row.bytes_in},${row.bytes_out},${row.latency_ms},${row.cost},` +
    `${quote(row.gateway)},${row.gateway_seq},${quote(row.trace_id)},${encodeTags(row.tags)},${row.arrived_at},` +
    `${quote(row._topic)},${row._partition},${quote(row._offset)},${row._idx},${row.is_repeat}]`
  );
}

function encodeTags(tags: Record<string, string>): string {
  for (const _ in tags) return repairedJson(tags);
  return '{}';
}

function quote(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Control characters, the quote, the backslash, halves of surrogate pairs.
    if (code < 32 || code === 34 || code === 92 || (code >= 0xd800 && code <= 0xdfff)) {
      return JSON.stringify(text.toWellFormed());
    }
  }
  return `"${text}"`;
}

function repairedJson(tags: Record<string, string>): string {
  const json = JSON.stringify(tags);
  // A lone surrogate is written as an escape, and nothing else is written so.
  return json.includes('\\ud') ? JSON.stringify(JSON.parse(json, repaired)) : json;
}

function repaired(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}
