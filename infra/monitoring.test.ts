import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { filesBelow } from '../test/architecture/workspaces.ts';

// Alert rules and dashboards name metrics; one that is renamed in the code would leave an alert that never fires.

const root = fileURLToPath(new URL('..', import.meta.url));
const files = 'infra/helm/tripkey/files';
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}
const rules: Rule[] = parse(read(`${files}/tripkey.rules.yaml`)).groups.flatMap(
  (group: { rules: Rule[] }) => group.rules,
);
const dashboards = readdirSync(join(root, files, 'dashboards')).map((name) => ({
  name,
  text: read(`${files}/dashboards/${name}`),
}));
const panelQueries = dashboards.flatMap(({ name, text }) =>
  (JSON.parse(text) as { panels: { title: string; targets: { expr?: string }[] }[] }).panels.flatMap(
    ({ title, targets }) =>
      targets.flatMap(({ expr }) =>
        expr ? [{ from: `${name}: ${title}`, expr: expr.replaceAll('$__rate_interval', '5m') }] : [],
      ),
  ),
);
const queries = [...rules.map(({ alert, expr }) => ({ from: alert, expr })), ...panelQueries];

const sources = filesBelow('.')
  .filter((path) => /^(packages|services)\/[\w-]+\/src\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'))
  .map(read)
  .join('\n');
/** What prom-client and Prometheus themselves make. */
const given = /^(up|process_\w+)$/;

describe.each(queries)('$from', ({ expr }) => {
  test('can be read by Prometheus', () => {
    const faults: string[] = [];
    parser.parse(expr).iterate({
      enter: (node) => {
        if (node.type.isError) faults.push(`at ${node.from}: ${expr.slice(node.from, node.from + 20)}`);
      },
    });
    expect(faults).toEqual([]);
  });

  test('names metrics that the services have', () => {
    const names: string[] = [];
    parser.parse(expr).iterate({
      enter: (node) => {
        if (node.name === 'VectorSelector')
          names.push(/^\w+/.exec(expr.slice(node.from, node.to))?.[0] ?? '');
      },
    });
    expect(names.length).toBeGreaterThan(0);
    const unknown = names.filter(
      (name) => !given.test(name) && !sources.includes(`'${name.replace(/_(bucket|sum|count)$/, '')}'`),
    );
    expect(unknown).toEqual([]);
  });
});

test('every alert says what is wrong and how bad it is', () => {
  for (const { alert, labels, annotations } of rules) {
    expect(['warning', 'critical'], alert).toContain(labels.severity);
    expect(annotations.summary, alert).not.toBe('');
    expect(annotations.description, alert).toMatch(/\.$/);
  }
});

test('for every alert it is written down what to do', () => {
  const page = read('docs/operations/monitoring.md');
  const written = [...page.matchAll(/^## (\w+)$/gm)].map((match) => match[1]);
  expect(written).toEqual(rules.map(({ alert }) => alert));
});
