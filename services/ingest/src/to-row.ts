import type { KeyRecord, RequestEvent } from '@tripkey/contract';
import type { RequestRow } from '@tripkey/store';
import { deriveOutcome } from './derive-outcome.ts';
import type { Enricher } from './enrich/enricher.ts';
import type { LeakListener, SecretFirewall } from './firewall/secret-firewall.ts';
import type { RouteLimit } from './limit-routes.ts';
import type { Arrival } from './position.ts';
import type { RecentValues } from './recent-values.ts';
import { pathOnly, templatePath } from './template-path.ts';

/** The keys that issuers have told of; the store's `KeyRegistry` is one. */
export interface KnownKeys {
  get(keyId: string): Pick<KeyRecord, 'account_id' | 'app_id'> | undefined;
}

/** A user agent without secrets, and its family. */
export interface SafeAgent {
  readonly text: string;
  readonly family: string;
}

export interface RowParts {
  readonly enrich: Enricher;
  readonly registry: KnownKeys;
  readonly firewall: SecretFirewall;
  readonly routes: RouteLimit;
  /** Agents that were found to hold no secret. */
  readonly agents: RecentValues<SafeAgent>;
}

/**
 * The row of an event: what is missing is derived or found, what looks like a secret is taken out.
 * @param ts event time, epoch ms, already checked and clamped
 */
export function toRow(
  event: RequestEvent,
  ts: number,
  arrival: Arrival,
  parts: RowParts,
  onLeak: LeakListener,
): RequestRow {
  const { enrich, registry, firewall, routes } = parts;
  const { position, idx } = arrival;
  const known = registry.get(event.key_id);
  const path = event.path ? firewall.path('path', withoutQuery(event.path, firewall, onLeak), onLeak) : '';
  const template = event.route
    ? firewall.path('route', withoutQuery(event.route, firewall, onLeak), onLeak)
    : path && templatePath(path);
  const route = template && routes.admit(event.tags?.service ?? '', template, event.status >= 400);
  const origin = enrich.origin(event.client_ip);
  const agent = event.user_agent ? safeAgent(event.user_agent, parts, onLeak) : noAgent;
  return {
    ts,
    event_id: event.event_id
      ? firewall.id('event_id', event.event_id, onLeak)
      : `${position.topic}/${position.partition}/${position.offset}/${idx}`,
    key_id: firewall.keyId(event.key_id, known !== undefined, onLeak),
    account_id: safeId('account_id', event.account_id, known?.account_id ?? '', firewall, onLeak),
    app_id: safeId('app_id', event.app_id, known?.app_id ?? '', firewall, onLeak),
    method: firewall.id('method', event.method, onLeak).toUpperCase(),
    route,
    path,
    status: event.status,
    outcome: event.outcome ?? deriveOutcome(event.status),
    client_ip: origin.address,
    network: origin.network,
    asn: origin.asn,
    country: origin.country,
    user_agent: agent.text,
    agent_family: agent.family,
    bytes_in: wholeCount(event.bytes_in),
    bytes_out: wholeCount(event.bytes_out),
    latency_ms: Math.min(event.latency_ms ?? 0, latencyMsMax),
    cost: event.cost ?? 0,
    gateway: safeId('gateway', event.gateway, '', firewall, onLeak),
    gateway_seq: event.gateway_seq ?? 0,
    trace_id: safeId('trace_id', event.trace_id, '', firewall, onLeak),
    tags: event.tags ? safeTags(event.tags, firewall, onLeak) : noTags,
    arrived_at: arrival.arrivedAtMs,
    _topic: position.topic,
    _partition: position.partition,
    _offset: position.offset,
    _idx: idx,
    is_repeat: 0,
  };
}

/** The query is never kept; when it holds a secret, whoever sent it should know. */
function withoutQuery(target: string, firewall: SecretFirewall, onLeak: LeakListener): string {
  const kept = pathOnly(target);
  if (kept.length < target.length) firewall.text('query', target.slice(kept.length), onLeak);
  return kept;
}

function safeId(
  field: string,
  value: string | undefined,
  otherwise: string,
  firewall: SecretFirewall,
  onLeak: LeakListener,
): string {
  return value ? firewall.id(field, value, onLeak) : otherwise;
}

/** A request that takes longer than a month is a mistake of the gateway. */
export const latencyMsMax = 31 * 86_400_000;
const noAgent: SafeAgent = { text: '', family: '' };
export const noTags: Record<string, string> = {};

/** The agent, without what looks like a secret. */
export function safeAgent(
  userAgent: string,
  { agents, enrich, firewall }: RowParts,
  onLeak: LeakListener,
): SafeAgent {
  const known = agents.get(userAgent);
  if (known) return known;
  const text = firewall.text('user_agent', userAgent, onLeak);
  const agent = { text, family: enrich.agentFamily(text) };
  // One that holds a secret is not remembered: it must be reported each time, and forgotten.
  if (text === userAgent) agents.set(userAgent, agent);
  return agent;
}

/** A size as the store's UInt64 takes it and JSON writes it without an exponent. */
export function wholeCount(value: number | undefined): number {
  return value === undefined ? 0 : Math.min(Math.round(value), Number.MAX_SAFE_INTEGER);
}

function safeTags(
  tags: Record<string, string>,
  firewall: SecretFirewall,
  onLeak: LeakListener,
): Record<string, string> {
  const safe: Record<string, string> = {};
  for (const name in tags) {
    safe[firewall.text('tags', name, onLeak)] = firewall.text('tags', tags[name]!, onLeak);
  }
  return safe;
}
