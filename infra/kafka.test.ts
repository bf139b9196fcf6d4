import { readFileSync } from 'node:fs';
import { topics } from '@tripkey/contract';
import { IngestConfig } from '@tripkey/ingest';
import { expect, test } from 'vitest';

const script = readFileSync(new URL('kafka/make-topics-and-acls.sh', import.meta.url), 'utf8');
const named = (pattern: RegExp) =>
  [...new Set([...script.matchAll(pattern)].map((match) => match[1]!))].sort();

test('the script makes the topics that the services use, and gives rights on no others', () => {
  expect(named(/^topic (\S+)/gm)).toEqual(Object.values(topics).sort());
  expect(named(/--topic (tripkey\S+)/g)).toEqual(Object.values(topics).sort());
});

test('it lets members join the groups that they join', () => {
  const { group } = IngestConfig.parse({ pipeline: { pepper: 'made-up-pepper-of-32-characters!' } }).kafka;
  const alerter = readFileSync(new URL('../services/alerter/src/main.ts', import.meta.url), 'utf8');
  const [, ofAlerter] = /broker\.source\(topics\.findings, '([\w-]+)'\)/.exec(alerter) ?? [];
  expect(named(/--group (\S+)/g)).toEqual([ofAlerter, group, `${group}-keys`, `${group}-gateways`].sort());
});
