import { outcomes, type RequestEvent } from '@tripkey/contract';

const known: ReadonlySet<unknown> = new Set([undefined, ...outcomes]);

/**
 * The contract's check for the usual event, some twenty times as fast as the schema, which stays the judge: whatever
 * this accepts the schema accepts, unchanged in its known fields. What it does not accept may still be an event. A
 * property holds the two together.
 */
export function isPlainEvent(e: Readonly<Record<string, unknown>>): boolean {
  return (
    isTime(e.ts) &&
    isText(e.key_id, 256) &&
    isText(e.method, 16) &&
    isStatus(e.status) &&
    isTextOrAbsent(e.event_id, 128) &&
    isTextOrAbsent(e.account_id, 256) &&
    isTextOrAbsent(e.app_id, 256) &&
    isTextOrAbsent(e.route, 512) &&
    isTextOrAbsent(e.path, 4_096) &&
    isTextOrAbsent(e.client_ip, 64) &&
    isTextOrAbsent(e.user_agent, 1_024) &&
    isTextOrAbsent(e.gateway, 128) &&
    isTextOrAbsent(e.trace_id, 64) &&
    isCountOrAbsent(e.bytes_in) &&
    isCountOrAbsent(e.bytes_out) &&
    isCountOrAbsent(e.latency_ms) &&
    isCountOrAbsent(e.cost) &&
    isNumberOrAbsent(e.gateway_seq) &&
    known.has(e.outcome) &&
    (e.tags === undefined || isTags(e.tags))
  );
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' ? value.length <= 64 : typeof value === 'number' && Number.isFinite(value);
}

function isText(value: unknown, lengthMax: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= lengthMax;
}

function isTextOrAbsent(value: unknown, lengthMax: number): boolean {
  return value === undefined || (typeof value === 'string' && value.length <= lengthMax);
}

function isStatus(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 100 && (value as number) <= 599;
}

function isCountOrAbsent(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY);
}

function isNumberOrAbsent(value: unknown): boolean {
  return value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0);
}

function isTags(value: unknown): value is NonNullable<RequestEvent['tags']> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const name of Object.keys(value)) {
    const tag = (value as Record<string, unknown>)[name];
    // The schema has its own way with this name.
    if (name === '__proto__' || name.length > 64 || typeof tag !== 'string' || tag.length > 256) return false;
  }
  return true;
}
