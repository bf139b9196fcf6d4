import type { EmittedEvent, RequestFacts } from './event.ts';
import { uuidV7 } from './uuid-v7.ts';

/** The lengths that the contract takes, characters. */
const textMax = {
  event_id: 128,
  key_id: 256,
  account_id: 256,
  app_id: 256,
  method: 16,
  route: 512,
  path: 4_096,
  client_ip: 64,
  user_agent: 1_024,
  trace_id: 64,
} as const;
const amounts = ['bytes_in', 'bytes_out', 'latency_ms', 'cost'] as const;
const tagNameMax = 64;
const tagMax = 256;
const tagsMax = 32;

/**
 * The event of one request, or undefined when the facts are no request: no key id, no method, no HTTP status, a time that
 * is none.
 *
 * Callers of an API choose its paths and agents. Text that is too long is cut, so that nobody can hide a request by
 * making its event one that is refused. Fields that the contract does not know, and amounts that are none, are left out.
 * @param nowMs epoch ms, the time of a request that names none
 */
export function completeEvent(
  facts: RequestFacts,
  origin: { gateway: string; gateway_seq: number },
  nowMs: number,
): EmittedEvent | undefined {
  const { key_id, method, status } = facts;
  const time = new Date(facts.ts ?? nowMs);
  if (!isText(key_id) || !isText(method) || Number.isNaN(time.getTime())) return undefined;
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;

  const event: Record<string, unknown> = { event_id: uuidV7(nowMs), ts: time.toISOString(), status };
  for (const [field, lengthMax] of Object.entries(textMax)) {
    const text = facts[field as keyof typeof textMax];
    if (isText(text)) event[field] = cut(field === 'path' ? withoutQuery(text) : text, lengthMax);
  }
  if (isText(facts.outcome)) event.outcome = facts.outcome;
  for (const field of amounts) {
    const amount = facts[field];
    if (amount !== undefined && Number.isFinite(amount) && amount >= 0) event[field] = amount;
  }
  if (facts.tags) event.tags = tagsOf(facts.tags);
  return { ...event, ...origin } as unknown as EmittedEvent;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Query strings carry addresses, tokens and, in careless clients, keys. */
function withoutQuery(path: string): string {
  return path.split(/[?#]/, 1)[0] ?? '';
}

function tagsOf(tags: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(tags).slice(0, tagsMax);
  return Object.fromEntries(kept.map(([name, value]) => [cut(name, tagNameMax), cut(String(value), tagMax)]));
}

/** A cut may part a surrogate pair, and half of one cannot be said in UTF-8. */
function cut(text: string, lengthMax: number): string {
  return (text.length > lengthMax ? text.slice(0, lengthMax) : text).toWellFormed();
}
