import { defineConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';

/** One plain line at the end: what passed and what did not. A file that cannot be loaded has failed. */
const line: Reporter = {
  onTestRunEnd(modules) {
    const results = modules
      .flatMap((module) => [...module.children.allTests()])
      .map((test) => test.result().state);
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const count = (state: string) => results.filter((result) => result === state).length;
    const failed = count('failed') + broken;
    process.stdout.write(
      `browser tests: ${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped\n`,
    );
  },
};

/** The web console in Chromium, over the real system: `npm run test:browser`. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.browser.ts'],
    globalSetup: ['test/browser/build-console.ts'],
    pool: 'forks',
    maxWorkers: 1,
    env: { TZ: 'UTC' },
    testTimeout: 150_000,
    hookTimeout: 180_000,
    reporters: ['default', line],
  },
});
