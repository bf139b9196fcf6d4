import { expect, test } from 'vitest';
import { dayMs, hourMs, monday } from '../testing/made-traffic.ts';
import { type KeyCounts, Popularity } from './popularity.ts';

/** A fleet of a hundred keys, half of them in the forms application. */
const fleet: KeyCounts = {
  fleet: 100,
  apps: new Map([
    ['forms', 50],
    ['crm', 50],
  ]),
};

function usedBy(users: { forms: number; crm: number }): Popularity {
  const popularity = new Popularity();
  for (const [app, keys] of Object.entries(users))
    for (let i = 0; i < keys; i++) popularity.add('GET /v1/leads', app, monday, 1);
  return popularity;
}

test('what all peers do is no surprise, what nobody does is one', () => {
  expect(usedBy({ forms: 50, crm: 0 }).surprise('GET /v1/leads', 'forms', fleet, true)).toBeLessThan(0.05);
  expect(usedBy({ forms: 1, crm: 0 }).surprise('GET /v1/leads', 'forms', fleet, true)).toBeGreaterThan(3);
});

test('what other applications do surprises less than what nobody does', () => {
  const elsewhere = usedBy({ forms: 1, crm: 50 }).surprise('GET /v1/leads', 'forms', fleet, true);
  const nowhere = usedBy({ forms: 1, crm: 0 }).surprise('GET /v1/leads', 'forms', fleet, true);
  expect(elsewhere).toBeLessThan(nowhere);
  expect(elsewhere).toBeGreaterThan(1);
});

test('each further peer lowers the surprise', () => {
  const surprises = [1, 2, 5, 20, 50].map((forms) =>
    usedBy({ forms, crm: 0 }).surprise('GET /v1/leads', 'forms', fleet, true),
  );
  expect(surprises).toEqual(surprises.toSorted((a, b) => b - a));
});

test('those who began of late make a release, and half of them are forgotten each day', () => {
  const popularity = new Popularity();
  for (let i = 0; i < 8; i++) popularity.start('POST /v2/leads', monday);
  expect(popularity.starters('POST /v2/leads', monday)).toBe(8);
  expect(popularity.starters('POST /v2/leads', monday + dayMs)).toBeCloseTo(4, 6);
  expect(popularity.starters('POST /v2/leads', monday + 10 * dayMs)).toBeLessThan(0.01);
  expect(popularity.releasedShare('POST /v2/leads', monday)).toBeCloseTo(7 / 9, 12);
  expect(popularity.starters('GET /v1/other', monday)).toBe(0);
});

test('in a fleet that always does the same, something unheard of surprises; in one that always changes it does not', () => {
  const [same, changing] = [new Popularity(), new Popularity()];
  for (let hour = 0; hour < 300; hour++) {
    for (const popularity of [same, changing]) popularity.enterHour(monday + hour * hourMs);
    same.add('GET /v1/leads', 'forms', monday + hour * hourMs, 1);
    changing.add(`GET /v1/${hour}`, 'forms', monday + hour * hourMs, 1);
  }
  expect(same.surpriseOfUnheard()).toBeGreaterThan(2);
  expect(changing.surpriseOfUnheard()).toBeLessThan(0.1);
});

test('a value is as old as its first use by any key', () => {
  const popularity = new Popularity();
  popularity.add('a', 'forms', monday + hourMs, 1);
  popularity.add('a', 'crm', monday, 1);
  expect(popularity.age('a', monday + 3 * hourMs)).toBe(3 * hourMs);
  expect(popularity.age('never used', monday)).toBe(0);
});

test('what cannot be counted again from the keys survives a restart', () => {
  const before = usedBy({ forms: 3, crm: 0 });
  before.start('GET /v1/leads', monday);
  before.enterHour(monday + hourMs);
  const after = usedBy({ forms: 3, crm: 0 });
  after.restore(JSON.parse(JSON.stringify(before.toJSON())));
  expect(after.toJSON()).toEqual(before.toJSON());
  expect(after.starters('GET /v1/leads', monday)).toBe(1);
});

test('to have few others beside oneself says much where all are many, and nothing where each is alone', () => {
  const crowded = new Popularity();
  for (let key = 0; key < 100; key++) crowded.add(`cloud ${key % 5}`, 'forms', monday, 1);
  crowded.add('alone', 'forms', monday, 1);
  expect(crowded.rarity('alone')).toBeGreaterThan(2);
  expect(crowded.homeRarity('alone', true)).toBeGreaterThan(2);
  expect(crowded.rarity('cloud 1')).toBeLessThan(0.1);
  const scattered = new Popularity();
  for (let key = 0; key < 100; key++) scattered.add(`place ${key}`, 'forms', monday, 1);
  expect(scattered.rarity('place 7')).toBeLessThan(0.1);
  expect(scattered.homeRarity('place 7', true)).toBeLessThan(0.1);
});

test('where keys were seen in passing is not where they began', () => {
  const popularity = new Popularity();
  for (let key = 0; key < 50; key++) {
    popularity.add('cloud', 'forms', monday, 1);
    popularity.add(`journey ${key}`, 'forms', monday, 2);
  }
  popularity.add('elsewhere', 'forms', monday, 1);
  expect(popularity.rarity('elsewhere')).toBeLessThan(0.5);
  expect(popularity.homeRarity('elsewhere', true)).toBeGreaterThan(1.5);
});
