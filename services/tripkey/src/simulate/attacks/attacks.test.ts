import type { KeyRecord, RequestEvent } from '@tripkey/contract';
import { describe, expect, test } from 'vitest';
import type { Incident } from '../labels.ts';
import { simulate } from '../simulate.ts';
import { type AttackKind, attackKinds } from './kinds.ts';

const options = {
  seed: 11,
  start: '2026-02-02T00:00:00.000Z',
  days: 12,
  keys: 60,
  eventsPerKeyDay: 200,
} as const;

interface Scene {
  readonly incident: Incident;
  readonly key: KeyRecord | undefined;
  /** What the attack did: what is there with it and not without it. */
  readonly made: readonly RequestEvent[];
  /** The victim's events before and while it went on. */
  readonly before: readonly RequestEvent[];
  readonly during: readonly RequestEvent[];
}

/** The same world twice: attacked, and left alone. Attacks do not change what owners do, so the rest is theirs. */
const attacked = simulate({ ...options, attacks: 'default' });
const honest = new Set<string>();
for (const event of simulate({ ...options, attacks: 'none' }).events()) honest.add(fingerprint(event));
const events = [...attacked.events()];
const { incidents } = attacked.labels;
const thiefOfMany = incidents.find(({ ip }) => ip)?.ip;

function sceneOf(kind: AttackKind): Scene {
  const incident = incidents.find(({ type }) => type === kind)!;
  const isInside = ({ ts }: RequestEvent) => String(ts) >= incident.start && String(ts) <= incident.end;
  const isTold = (event: RequestEvent) =>
    incident.ip
      ? event.client_ip === incident.ip
      : event.key_id === incident.key_id && event.client_ip !== thiefOfMany;
  const told = events.filter(isTold);
  return {
    incident,
    key: attacked.keys.find((key) => key.key_id === incident.key_id),
    made: told.filter((event) => isInside(event) && !honest.has(fingerprint(event))),
    before: told.filter(({ ts }) => String(ts) < incident.start),
    during: told.filter(isInside),
  };
}

function fingerprint({ key_id, ts, path, client_ip }: RequestEvent): string {
  return `${key_id} ${ts} ${path} ${client_ip}`;
}

const network = (event: RequestEvent) => event.client_ip!.split('.').slice(0, 3).join('.');
const endpoint = (event: RequestEvent) => `${event.method} ${event.route}`;
const distinct = <T>(list: readonly RequestEvent[], of: (event: RequestEvent) => T) => new Set(list.map(of));
const isNew = <T>({ before, made }: Scene, of: (event: RequestEvent) => T) => {
  const known = distinct(before, of);
  return [...distinct(made, of)].every((value) => !known.has(value));
};
const hasScope = ({ key }: Scene, { method, route }: RequestEvent) =>
  key!.scopes.includes(`${method === 'GET' ? 'read' : 'write'}:${route!.split('/')[2]}`);

/** What gives each kind away to whoever knows where to look. */
const signs: Record<AttackKind, (scene: Scene) => boolean> = {
  'leak-scrape': (scene) => isNew(scene, network) && scene.made.every(({ method }) => method === 'GET'),
  'low-and-slow': (scene) =>
    isNew(scene, network) && Date.parse(scene.incident.end) - Date.parse(scene.incident.start) > 86_400_000,
  recon: ({ made }) => distinct(made, endpoint).size >= 10 && made.some(({ status }) => status === 403),
  'priv-probe': ({ made }) => made.every(({ status }) => status === 403),
  'scope-hole': (scene) => scene.made.some((event) => event.status < 300 && !hasScope(scene, event)),
  enumeration: ({ made }) =>
    distinct(made, ({ path }) => path).size > 0.9 * made.length && distinct(made, endpoint).size === 1,
  'dormant-reuse': ({ before, incident }) =>
    before.every(({ ts }) => Date.parse(incident.start) - Date.parse(String(ts)) > 3 * 86_400_000),
  'revoked-reuse': ({ key, incident }) => key!.status === 'revoked' && key!.revoked_at! < incident.start,
  'exfil-bytes': ({ made, before }) =>
    Math.max(...made.map((e) => e.bytes_out!)) > 3 * Math.max(...before.map((e) => e.bytes_out!)),
  'volume-spike': (scene) =>
    scene.made.length > 50 &&
    [...distinct(scene.made, endpoint)].every((one) => distinct(scene.before, endpoint).has(one)),
  'slow-ramp': ({ made }) => made.length > 50,
  silence: ({ during, before }) => during.length === 0 && before.length > 100,
  stuffing: ({ made, incident }) =>
    distinct(made, ({ client_ip }) => client_ip).has(incident.ip) &&
    distinct(made, ({ key_id }) => key_id).size >= 10,
  'source-fanout': ({ made }) => distinct(made, network).size >= 10,
  'new-key-stolen': ({ key, incident }) =>
    Date.parse(incident.start) - Date.parse(key!.created_at!) < 6 * 3_600_000,
  'off-hours': ({ made }) => made.length >= 20,
  'predecessor-reuse': (scene) => scene.key!.rotated_at! < scene.incident.start && isNew(scene, network),
  'method-shift': (scene) =>
    isNew(scene, endpoint) && scene.made.every((event) => event.method !== 'GET' && hasScope(scene, event)),
  'workflow-abuse': ({ made }) => made.length > 40 && made.every(({ route }) => route!.endsWith('/trigger')),
  copycat: (scene) => isNew(scene, endpoint) && scene.made.every((event) => hasScope(scene, event)),
};

test('every kind finds a key among a few dozen', () => {
  expect(attacked.labels.skipped).toEqual([]);
});

test('an attack leaves everything else as it was', () => {
  const left = new Set(events.map(fingerprint));
  const silenced = incidents.find(({ type }) => type === 'silence')!.key_id;
  const lost = [...honest].filter((one) => !left.has(one) && !one.startsWith(silenced!));
  expect(lost.slice(0, 10)).toEqual([]);
});

describe.each(attackKinds)('%s', (kind) => {
  test('is in the events, and can be told from what its key did before', () => {
    const scene = sceneOf(kind);
    expect(scene.incident.type).toBe(kind);
    if (kind !== 'silence') expect(scene.made.length).toBeGreaterThan(0);
    expect(signs[kind](scene)).toBe(true);
  });
});

test('no key is attacked twice where there are enough', () => {
  const { labels } = simulate({ ...options, keys: 1000, days: 9 });
  const victims = labels.incidents.map((incident) => incident.key_id).filter((id) => id !== null);
  expect(new Set(victims).size).toBe(victims.length);
  expect(new Set(labels.incidents.map((incident) => incident.type)).size).toBe(attackKinds.length);
});
