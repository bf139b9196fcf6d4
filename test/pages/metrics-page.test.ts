import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../architecture/workspaces.ts';
import { type DeclaredMetric, metricNamesInCode, metricsOfCode } from './metrics-of-code.ts';

const page = 'docs/operations/metrics.md';
const metrics = metricsOfCode();

/** The metrics of one process, as the page lists them. */
function listOf(owner: string): string {
  const line = ({ name, type, labels, help }: DeclaredMetric) => {
    const by = labels.length === 0 ? '' : `, by ${labels.map((label) => `\`${label}\``).join(', ')}`;
    return `- \`${name}\` (${type}${by}): ${help}.`;
  };
  return metrics
    .filter((metric) => metric.owner === owner)
    .map(line)
    .join('\n');
}

test('every metric that the code names is declared where this test sees it', () => {
  const names = metrics.map(({ name }) => name);
  const others = metricNamesInCode().filter((name) => !names.includes(name));
  // A cookie, and what a drill writes into a file.
  expect(others.filter((name) => !/^tripkey_(sign_in$|drill_)/.test(name))).toEqual([]);
});

test('no label is a key, an address, a path or anything else that callers choose', () => {
  const chosen =
    /key|account|app|lineage|address|ip|network|path|route|agent|subject|gateway|incident|user|person/;
  expect(metrics.filter(({ labels }) => labels.some((label) => chosen.test(label)))).toEqual([]);
});

describe.each([...new Set(metrics.map(({ owner }) => owner))])('metrics of %s', (owner) => {
  test(`stand in ${page}`, () => {
    const section = readFileSync(join(root, page), 'utf8').split(`\n## ${owner}\n`)[1]?.split('\n## ')[0];
    expect(
      section
        ?.split('\n')
        .filter((line) => line.startsWith('- '))
        .join('\n'),
    ).toBe(listOf(owner));
  });
});
