import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { createEnricher } from './enricher.ts';
import { openIpDatabase } from './ip-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'tripkey-mmdb-'));
afterAll(() => rmSync(folder, { recursive: true }));

const installed = (name: string) =>
  fileURLToPath(import.meta.resolve(`@ip-location-db/geo-whois-asn-country-mmdb/${name}`));
const both = installed('geo-whois-asn-country.mmdb');
const onlyV6 = installed('geo-whois-asn-country-ipv6.mmdb');
const v4 = '8.8.8.8';
const v6 = '2001:4860:4860::8888';

test('a file that was replaced is read again, and what was remembered of the old one is forgotten', () => {
  const file = join(folder, 'replaced.mmdb');
  copyFileSync(both, file);
  const database = openIpDatabase([file]);
  const enrich = createEnricher(database);
  expect([enrich.origin(v4).country, enrich.origin(v6).country]).toEqual(['US', 'US']);
  expect(database.refresh()).toEqual([]);
  copyFileSync(onlyV6, file);
  expect(enrich.origin(v4).country).toBe('US');
  expect(database.refresh()).toEqual([file]);
  expect([enrich.origin(v4).country, enrich.origin(v6).country]).toEqual(['', 'US']);
});

test('a file that is broken or gone leaves the edition in use that was read before, until a whole one is there', () => {
  const file = join(folder, 'broken.mmdb');
  copyFileSync(both, file);
  const database = openIpDatabase([file]);
  writeFileSync(file, 'not a database');
  expect(() => database.refresh()).toThrow();
  rmSync(file);
  expect(() => database.refresh()).toThrow();
  expect([database.find(v4).country, database.edition]).toEqual(['US', 0]);
  copyFileSync(onlyV6, file);
  expect(database.refresh()).toEqual([file]);
  expect([database.find(v6).country, database.edition]).toEqual(['US', 1]);
});
