import type { RequestEvent } from '@tripkey/contract';

const keys = 20_000;
const objects = ['leads', 'contacts', 'deals', 'campaigns', 'forms', 'workflows'];
const agents = ['lead-sync/2.1', 'python-requests/2.32.3', 'acme-forms/7.0.2', 'node-fetch/3.3.2', 'Zapier'];
const statuses = [200, 200, 200, 200, 200, 200, 201, 204, 400, 403, 404, 429];
const methods = ['GET', 'GET', 'GET', 'POST', 'PATCH'];

/** The event of a number: a skewed crowd of keys on a few routes. Equal arguments give equal events. */
export function madeUpEvent(number: number, seed: number, time: number): RequestEvent {
  const a = hash(number, seed);
  const b = hash(number, seed + 1);
  const c = hash(number, seed + 2);
  const key = Math.floor((a / 2 ** 32) ** 3 * keys);
  const object = objects[b % objects.length]!;
  return {
    event_id: eventId(time, a, b, c),
    ts: new Date(time).toISOString(),
    key_id: `key_${(key * 2_654_435_761) % 2 ** 32}`,
    account_id: `acct_${key % 300}`,
    app_id: `app_${key % 12}`,
    method: methods[c % methods.length]!,
    route: `/v1/${object}/{id}`,
    path: `/v1/${object}/${b % 90_000}`,
    status: statuses[(b >>> 8) % statuses.length]!,
    // An integration runs on few machines.
    client_ip: address(key * 3 + (c % 3)),
    user_agent: agents[key % agents.length]!,
    bytes_in: 180 + (c % 400),
    bytes_out: 600 + (b % 9_000),
    latency_ms: 5 + (a % 2_000) / 10,
    gateway: `edge-${key % 4}`,
    gateway_seq: number + 1,
  };
}

/** A UUIDv7. */
function eventId(time: number, a: number, b: number, c: number): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0').slice(-digits);
  const t = hex(time, 12);
  return `${t.slice(0, 8)}-${t.slice(8)}-7${hex(a, 3)}-8${hex(b, 3)}-${hex(b ^ c, 4).replace('-', '0')}${hex(c, 8)}`;
}

function address(client: number): string {
  return `${[31, 62, 81, 141, 198][client % 5]}.${(client >>> 10) & 63}.${(client >>> 4) & 255}.${1 + (client % 250)}`;
}

/** A well-mixed number of 32 bits (finaliser of MurmurHash3). */
function hash(number: number, seed: number): number {
  let h = Math.imul(number ^ Math.imul(seed, 0x9e37_79b9), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  h = Math.imul(h ^ (h >>> 16), 0x27d4_eb2f);
  return (h ^ (h >>> 15)) >>> 0;
}
