import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

const chart = fileURLToPath(new URL('helm/tripkey/', import.meta.url));
const read = (file: string) => readFileSync(`${chart}${file}`, 'utf8');
const needed = { kafka: { brokers: ['kafka:9092'] }, clickhouse: { url: 'http://clickhouse:8123' } };

describe('values of the chart', () => {
  const check = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(read('values.schema.json')));
  const values = parse(read('values.yaml'));

  test('are what their schema allows once Kafka and ClickHouse are named', () => {
    expect(check({ ...values, config: { ...values.config, ...needed } }), JSON.stringify(check.errors)).toBe(
      true,
    );
    expect(check(values)).toBe(false);
  });

  test.each([
    [
      'a password in the configuration',
      { config: { ...needed, clickhouse: { ...needed.clickhouse, password: 'x' } } },
    ],
    ['a misspelt setting', { imagePullSecret: [] }],
    ['a broker without its port', { config: { ...needed, kafka: { brokers: ['kafka'] } } }],
    [
      'a secret as a plain variable',
      { secretFiles: [{ variable: 'TRIPKEY_SLACK__TOKEN', secret: 'a', key: 'b' }] },
    ],
  ])('refuse %s', (_, fault) => {
    expect(check({ ...values, config: { ...values.config, ...needed }, ...fault })).toBe(false);
  });
});

const helm = spawnSync('helm', ['version'], { stdio: 'ignore' }).status === 0;
if (!helm) process.stderr.write('helm is not on the PATH: what the chart renders is not tested\n');

describe.skipIf(!helm)('the chart, rendered', () => {
  const set = [
    '--set',
    'config.kafka.brokers={kafka:9092}',
    '--set',
    'config.clickhouse.url=http://clickhouse:8123',
  ];
  const run = (...args: string[]) => spawnSync('helm', args, { encoding: 'utf8' });
  const render = (...more: string[]) => {
    const done = run('template', 'release', chart, '--kube-version', '1.31.0', ...set, ...more);
    expect(done.stderr).toBe('');
    return parseAllDocuments(done.stdout).map((document) => document.toJS());
  };

  test('passes helm lint', () => {
    const done = run('lint', chart, '--strict', ...set);
    expect(done.status, done.stdout + done.stderr).toBe(0);
  });

  test('runs nothing as root or with rights on its file system, and every service is watched', () => {
    const kinds = ['Deployment', 'StatefulSet', 'Job'];
    const workloads = render().filter((object) => kinds.includes(object?.kind));
    expect(workloads).toHaveLength(5);
    for (const { kind, metadata, spec } of workloads) {
      const pod = spec.template.spec;
      expect(pod.securityContext.runAsNonRoot, metadata.name).toBe(true);
      expect(pod.containers[0].securityContext, metadata.name).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      if (kind !== 'Job')
        expect(pod.containers[0].readinessProbe.httpGet.path, metadata.name).toBe('/readyz');
      expect(pod.containers[0].resources.limits.memory, metadata.name).toBeDefined();
    }
  });

  test('numbers the doors of ingest by their pods, which keep their names', () => {
    const objects = render('--set', 'services.ingest.replicas=3');
    const [ingest] = objects.filter(
      (object) => object?.spec?.template?.metadata.labels['app.kubernetes.io/component'] === 'ingest',
    );
    expect(ingest).toMatchObject({ kind: 'StatefulSet', spec: { replicas: 3 } });
    const service = (name: string) =>
      objects.find((object) => object?.kind === 'Service' && object.metadata.name === name);
    expect(service(ingest.spec.serviceName).spec.clusterIP).toBe('None');
    expect(service(ingest.metadata.name).spec).not.toHaveProperty('clusterIP');
    expect(ingest.spec.template.spec.containers[0].env).toContainEqual({
      name: 'TRIPKEY_HTTP__PARTITION',
      valueFrom: { fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" } },
    });
  });

  test('brings dashboards and alert rules along where they are wanted', () => {
    const objects = render(
      '--set',
      'serviceMonitor.enabled=true,prometheusRule.enabled=true,grafanaDashboards.enabled=true',
    );
    const rule = objects.find((object) => object?.kind === 'PrometheusRule');
    expect(rule.spec.groups[0].rules.length).toBeGreaterThan(10);
    const dashboards = objects.filter((object) => object?.metadata?.labels?.grafana_dashboard === '1');
    for (const { data } of dashboards)
      expect(Object.values(data).map((text) => JSON.parse(text as string).uid)).toHaveLength(1);
    expect(dashboards.length).toBeGreaterThan(1);
  });
});
