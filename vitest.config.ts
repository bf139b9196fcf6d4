import { defineConfig } from 'vitest/config';

/** Tests that need Kafka or ClickHouse; they share one of each. */
const withServers = ['**/*.kafka.test.ts', '**/*.store.test.ts', 'test/e2e/**/*.test.ts'];
const ignored = ['**/node_modules/**', '**/dist/**', '**/data/**'];

export default defineConfig({
  test: {
    pool: 'forks',
    setupFiles: ['test/harness/property-seed.ts'],
    env: { TZ: 'UTC' },
    testTimeout: 120_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/**/*.test.ts',
            'services/**/*.test.ts',
            'test/**/*.test.ts',
            'infra/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          exclude: [...ignored, ...withServers],
        },
      },
      {
        extends: true,
        test: {
          name: 'servers',
          include: withServers,
          exclude: ignored,
          globalSetup: ['test/harness/global-setup.ts'],
          maxWorkers: 2,
        },
      },
    ],
  },
});
