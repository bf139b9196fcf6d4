import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ruleGroups, allRules as rules, signalGroups } from './index.ts';

const folders = readdirSync(new URL('.', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'testing')
  .map((entry) => entry.name);

test('every folder is a rule that is judged, and every rule has its folder', () => {
  expect(rules.map((rule) => rule.id).toSorted()).toEqual(folders.toSorted());
  expect(ruleGroups.size).toBe(rules.length);
});

test('the overview names every rule in its group', () => {
  const page = readFileSync(new URL('../../../docs/detection/rules.md', import.meta.url), 'utf8');
  for (const { id, group } of rules) {
    const row = page.split('\n').find((line) => line.startsWith(`| ${group} `));
    expect(row, `docs/detection/rules.md lacks ${id} in ${group}`).toContain(`\`${id}\``);
  }
});

describe.each(folders)('%s', (folder) => {
  test.each(['rule.ts', 'rule.test.ts', 'README.md'])('has its %s', (file) => {
    expect(existsSync(new URL(`${folder}/${file}`, import.meta.url))).toBe(true);
  });
});

describe.each(rules.map((rule) => [rule.id, rule] as const))('rule %s', (_id, rule) => {
  test('names techniques, risks and group as their catalogues do', () => {
    for (const technique of rule.attack) expect(technique).toMatch(/^T\d{4}(\.\d{3})?$/);
    for (const risk of rule.owasp) expect(risk).toMatch(/^API(10|[1-9]):2023$/);
    expect(rule.attack.length).toBeGreaterThan(0);
    expect(signalGroups).toContain(rule.group);
    expect(rule.version).toBeGreaterThanOrEqual(1);
  });

  test('every parameter has a default and says what it means', () => {
    expect(rule.params.safeParse({}).success).toBe(true);
    const { properties } = z.toJSONSchema(rule.params) as { properties: Record<string, object> };
    for (const property of Object.values(properties))
      expect(property).toMatchObject({ description: expect.stringMatching(/\w/) });
  });

  test('a parameter that does not exist is refused', () => {
    expect(rule.params.safeParse({ noSuchParameter: 1 }).success).toBe(false);
  });
});
