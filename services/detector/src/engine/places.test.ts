import { expect, test } from 'vitest';
import { PeerPlaces } from './peer-places.ts';
import { Places } from './places.ts';

const hourMs = 3_600_000;

function seen(...list: [country: string, provider: string][]): Places {
  const places = new Places();
  places.enter(hourMs, 0);
  for (const [country, provider] of list) places.take(country, provider, 1);
  return places;
}

test('two places are distant when country and provider differ, not by one of them', () => {
  expect(seen(['DE', 'AS1'], ['RO', 'AS2']).distant).toMatchObject([{ country: 'DE' }, { country: 'RO' }]);
  expect(seen(['DE', 'AS1'], ['DE', 'AS2']).distant).toBeNull();
  expect(seen(['DE', 'AS1'], ['RO', 'AS1']).distant).toBeNull();
  expect(seen(['DE', 'AS1'], ['', 'AS2']).distant).toBeNull();
});

test('an hour later they are apart', () => {
  const places = seen(['DE', 'AS1'], ['RO', 'AS2']);
  expect(places.enter(2 * hourMs, 0)).toBe(true);
  expect(places.distant).toBeNull();
});

test('a flagged hour teaches nothing', () => {
  const places = seen(['DE', 'AS1'], ['RO', 'AS2']);
  expect(places.enter(2 * hourMs, 2 * hourMs)).toBeNull();
  expect(places.past.hours).toBe(0);
});

test('a key without history is judged by its application, and that by the fleet', () => {
  const peers = new PeerPlaces();
  for (let i = 0; i < 2_000; i++) {
    peers.learn('app_forms', false);
    peers.learn('app_field', i % 3 === 0);
  }
  const young = new Places();
  expect(peers.surprise('app_forms', young)).toBeGreaterThan(1.5);
  expect(peers.surprise('app_field', young)).toBeLessThan(0.7);
  const unknown = peers.surprise('app_new', young);
  expect(unknown).toBeGreaterThan(peers.surprise('app_field', young));
  expect(unknown).toBeLessThan(peers.surprise('app_forms', young));
});

test('it goes on where it was saved', () => {
  const places = seen(['DE', 'AS1'], ['RO', 'AS2']);
  expect(Places.fromJSON(JSON.parse(JSON.stringify(places)))).toEqual(places);
});
