import { Finding, KeyRecord, RequestEvent, topics } from '@tripkey/contract';
import { migrationFiles } from '@tripkey/store';
import { describe, expect, test } from 'vitest';
import { releaseBefore } from './release-before.ts';

// Old and new processes run side by side while an upgrade rolls through, in either direction.

describe.each([
  [topics.requests, RequestEvent],
  [topics.keys, KeyRecord],
  [topics.findings, Finding],
] as const)('%s', (topic, schema) => {
  const records = releaseBefore.topics[topic]!;

  test('what the release before sends is understood, field by field', () => {
    for (const record of records) expect(schema.parse(record)).toMatchObject(record);
  });

  test('what a later release adds is passed over', () => {
    for (const record of records)
      expect(schema.parse({ ...record, of_a_later_release: { any: 1 } })).toEqual(schema.parse(record));
  });
});

/** What may go all the same, by migration, with the reason why the release before does not miss it. */
const mayGo: Readonly<Record<string, string>> = {
  '82 endpoint_use_mv_dropped':
    'its rows come from the rollup of this release, which begins where the view ended',
};

test('no migration takes away what the release before uses', () => {
  const later = migrationFiles().filter(({ number }) => number > releaseBefore.migrations);
  // A view may be replaced by one with more columns.
  const takes = later.filter(({ sql }) =>
    /\b(DROP|RENAME|EXCHANGE|DETACH|TRUNCATE|MODIFY COLUMN)\b/i.test(sql),
  );
  expect(takes.map(({ number, name }) => `${number} ${name}`)).toEqual(Object.keys(mayGo));
});
