import { expect, test } from 'vitest';
import { dayMs, hourMs, monday } from '../testing/made-traffic.ts';
import { EndpointMix } from './endpoint-mix.ts';
import { PeerMixes } from './peer-mixes.ts';

const usual = { known: false, unheard: false, refused: false, sensitive: false, releasedShare: 0 };
const unheard = { ...usual, unheard: true };

/** A month of two applications, ten keys each, that call three endpoints of their own a few times a day. */
function aMonth() {
  const peers = new PeerMixes();
  const keys = Array.from({ length: 20 }, (_, i) => ({
    app: i < 10 ? 'forms' : 'crm',
    mix: new EndpointMix(),
  }));
  for (let day = 0; day < 28; day++) {
    for (let burst = 0; burst < 4; burst++) {
      for (const { app, mix } of keys) {
        const at = monday + day * dayMs + burst * 3 * hourMs;
        for (let i = 0; i < 3; i++) peers.take(mix, app, `GET /${app}/${i}`, at, () => usual);
      }
    }
  }
  return { peers, keys, next: monday + 28 * dayMs };
}

/** What one burst of endpoints says of the first key of the forms application. */
function says(endpoints: readonly string[], seen: Partial<typeof usual> = {}): number {
  const { peers, keys, next } = aMonth();
  for (const endpoint of endpoints)
    peers.take(keys[0]!.mix, 'forms', endpoint, next, () => ({ ...usual, ...seen }));
  return keys[0]!.mix.evidence;
}

test('what the owner always does says nothing', () => {
  expect(says(['GET /forms/0', 'GET /forms/1', 'GET /forms/2'])).toBeLessThan(0.1);
});

test("another application's endpoints are another caller's", () => {
  expect(says(['GET /crm/0', 'GET /crm/1'])).toBeGreaterThan(1.5);
  expect(says(['GET /crm/0', 'GET /crm/1'])).toBeGreaterThan(says(['GET /crm/0']));
});

test('what nobody ever called says more when a thief would be after it', () => {
  const plain = says(['GET /hidden'], unheard);
  expect(plain).toBeGreaterThan(1);
  expect(says(['GET /hidden'], { ...unheard, sensitive: true })).toBeGreaterThan(plain + 0.3);
});

test('a single endpoint that others use wakes nobody by itself, a second one counts', () => {
  const single = says(['GET /crm/0']);
  expect(single).toBeGreaterThan(1);
  expect(single).toBeLessThan(1.25);
  expect(says(['GET /crm/0', 'GET /crm/1'])).toBeGreaterThan(1.25);
});

test('news that refuses the key speaks for another caller, the more so where owners are never refused', () => {
  const plain = says(['GET /hidden'], unheard);
  const refused = says(['GET /hidden'], { ...unheard, refused: true });
  expect(refused).toBeGreaterThan(plain + 0.3);
  const { peers, keys, next } = aMonth();
  for (let i = 0; i < 100; i++) {
    const { mix, app } = keys[10 + (i % 10)]!;
    peers.take(mix, app, `GET /crm/tried/${i}`, next, () => ({ ...unheard, refused: true }));
  }
  peers.take(keys[0]!.mix, 'forms', 'GET /hidden', next, () => ({ ...unheard, refused: true }));
  expect(keys[0]!.mix.evidence).toBeLessThan(plain);
});

test('what others begin to use just now is a release', () => {
  expect(says(['GET /crm/new'], { releasedShare: 0.9 })).toBeLessThan(says(['GET /crm/0']) - 1);
});

test('an endpoint that the key knew long ago is not news', () => {
  expect(says(['GET /crm/0'], { known: true })).toBeLessThan(says(['GET /crm/0']) - 0.2);
});

test('where new endpoints come up every day, one more says little', () => {
  const { peers, keys, next } = aMonth();
  const { mix } = keys[0]!;
  let at = next;
  for (let i = 0; i < 200; i++) {
    at += 2 * hourMs;
    for (const endpoint of ['GET /forms/0', `POST /forms/made/${i}`]) {
      peers.take(mix, 'forms', endpoint, at, () => (endpoint.includes('made') ? unheard : usual));
    }
  }
  peers.take(mix, 'forms', 'POST /forms/made/more', at + 2 * hourMs, () => unheard);
  expect(mix.evidence).toBeLessThan(0.3);
  peers.take(mix, 'forms', 'GET /crm/0', at + 2 * hourMs, () => usual);
  expect(mix.evidence).toBeGreaterThan(1);
});

test('counted again from the saved mixes, all keys together judge the same', () => {
  const { peers, keys, next } = aMonth();
  const again = new PeerMixes();
  again.restore(JSON.parse(JSON.stringify(peers)));
  const loaded = keys.map(({ app, mix }) => ({
    app,
    mix: EndpointMix.fromJSON(JSON.parse(JSON.stringify(mix))),
  }));
  for (const { app, mix } of loaded.toReversed()) again.adopt(mix, app);
  for (const [one, other] of [
    [peers, keys[3]!],
    [again, loaded[3]!],
  ] as const) {
    for (const endpoint of ['GET /crm/2', 'GET /nowhere', 'GET /forms/1'])
      one.take(other.mix, other.app, endpoint, next, () => usual);
  }
  expect(loaded[3]!.mix.toJSON()).toEqual(keys[3]!.mix.toJSON());
  expect(keys[3]!.mix.evidence).toBeGreaterThan(1);
});

test('endpoints without end are counted up to a bound, and those that fade make room', () => {
  const peers = new PeerMixes(4);
  const mix = new EndpointMix();
  for (let i = 0; i < 10; i++) peers.take(mix, 'forms', `GET /made/${i}`, monday, () => unheard);
  // Two for all keys and two for the application; the other eight are refused by both.
  expect(peers.refused).toBe(16);
  for (let burst = 1; burst < 2_000; burst++)
    peers.take(mix, 'forms', 'GET /made/0', monday + burst * hourMs, () => usual);
  const before = peers.refused;
  peers.take(mix, 'forms', 'GET /later', monday + 2_000 * hourMs, () => unheard);
  expect(peers.refused).toBe(before);
});
