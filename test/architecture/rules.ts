/**
 * Who may import whom. Data flows contract → ingest → store → detect → alert → respond; a workspace imports only what
 * stands above it in this table, and of that only what its row names. Services do not know each other; the all-in-one
 * process knows them all.
 */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  'packages/contract': [],
  'packages/stats': [],
  'packages/service-kit': [],
  'packages/emitter': [],
  'packages/stream': ['service-kit'],
  'packages/store': ['contract', 'service-kit'],
  'packages/clickhouse-embedded': ['service-kit'],
  'packages/rules': ['contract', 'stats'],
  'packages/issuers': ['contract', 'service-kit'],
  'services/ingest': ['contract', 'service-kit', 'stream', 'store'],
  'services/detector': ['contract', 'service-kit', 'stream', 'store', 'stats', 'rules'],
  'services/alerter': ['contract', 'service-kit', 'stream', 'store', 'rules', 'issuers'],
  // Looks at the path from the side: tells what the others made, and asks the alerter and the detector for their own words.
  'services/api': ['contract', 'service-kit', 'store', 'stats', 'rules', 'detector', 'alerter'],
  'services/issuer-sandbox': ['contract', 'service-kit', 'emitter', 'issuers'],
  'services/console': ['contract'],
  'services/tripkey': [
    'contract',
    'stats',
    'service-kit',
    'emitter',
    'stream',
    'store',
    'clickhouse-embedded',
    'rules',
    'issuers',
    'ingest',
    'detector',
    'alerter',
    'api',
    'issuer-sandbox',
  ],
};

/** What the tests of every workspace may use besides: the harness, the embedded engine, and their own kin's doubles. */
export const testsMayImport = ['test', 'clickhouse-embedded', 'contract', 'service-kit'] as const;

/** The one place where each technology is known; behind it everybody speaks of our own ports. Prefixes of paths. */
export const technologyHomes: Readonly<Record<string, readonly string[]>> = {
  kafkajs: ['packages/stream/src/kafka/'],
  '@clickhouse/client': ['packages/store/src/'],
  chdb: ['packages/clickhouse-embedded/src/'],
  '@slack/web-api': ['services/alerter/src/slack/'],
  '@slack/socket-mode': ['services/alerter/src/slack/'],
  nodemailer: ['services/alerter/src/sinks/'],
  express: [
    'packages/service-kit/src/health.ts',
    'packages/emitter/src/',
    'services/ingest/src/http',
    'services/alerter/src/slack/interact/',
    'services/alerter/src/leaks/',
    'services/api/src/',
    'services/ingest/src/problem.ts',
    'services/ingest/src/serve-http.ts',
    'services/issuer-sandbox/src/',
    'services/tripkey/src/embedded/',
  ],
  '@aws-sdk/client-iam': ['packages/issuers/src/aws/'],
  '@aws-sdk/client-api-gateway': ['packages/issuers/src/aws/'],
  undici: ['packages/service-kit/src/outbound.ts'],
  'ipaddr.js': ['packages/service-kit/src/outbound-addresses.ts'],
  maxmind: ['services/ingest/src/enrich/'],
  'simple-statistics': ['packages/stats/src/'],
  '@opentelemetry/api': ['packages/service-kit/src/tracing/'],
  '@opentelemetry/context-async-hooks': ['packages/service-kit/src/tracing/'],
  '@opentelemetry/core': ['packages/service-kit/src/tracing/'],
  '@opentelemetry/exporter-trace-otlp-http': ['packages/service-kit/src/tracing/'],
  '@opentelemetry/resources': ['packages/service-kit/src/tracing/'],
  '@opentelemetry/sdk-trace': ['packages/service-kit/src/tracing/', 'packages/service-kit/src/testing/'],
  pino: ['packages/service-kit/src/'],
  'prom-client': ['packages/service-kit/src/'],
  yaml: ['packages/service-kit/src/', 'services/tripkey/src/commands/config.ts'],
  commander: ['services/tripkey/src/'],
  'cli-progress': ['services/tripkey/src/'],
  react: ['services/console/src/'],
  uplot: ['services/console/src/chart/draw-chart.ts'],
  vite: ['services/console/vite.config.ts', 'scripts/build-console.mjs'],
  emulate: ['services/tripkey/src/', 'test/'],
};

/** Lines that a source file may have, and the few longer ones with the reason why they are not split. */
export const linesMax = 300;
export const longerFiles: Readonly<Record<string, string>> = {};

/** Names that tell nobody what is in a file. */
export const emptyNames = ['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'misc'];
