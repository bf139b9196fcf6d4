import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { defineMeasurement } from '../measure/measurement.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is read of a report of vitest. */
const Report = z.object({
  numPassedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

/** Laws that hold for the cases of one seed may not hold for those of another: the tests with properties, with many seeds. */
export const chaosProperties = defineMeasurement({
  name: 'properties',
  summary: 'the tests with properties that need no servers, with other cases each time; every one passes',
  options: z.object({
    times: z.coerce.number().int().positive().default(20).describe('how many seeds, from --seed on'),
  }),
  async run({ options, seed, log, signal }) {
    const files = globSync('{packages,services,test,infra,scripts}/**/*.test.ts', {
      cwd: root,
      exclude: ['**/node_modules/**'],
    }).filter((file) => readFileSync(join(root, file), 'utf8').includes("from 'fast-check'"));
    const failures = new Set<string>();
    let passed = 0;
    let ran = 0;
    for (let time = 0; time < options.times && !signal.aborted; time++) {
      const report = await runTests(files, seed + time, signal);
      passed += report.numPassedTests;
      ran = report.testResults.length;
      const failed = report.testResults.flatMap(failuresOf);
      for (const [name, why] of failed) {
        failures.add(name);
        log(`TRIPKEY_TEST_SEED=${seed + time}: ${name}\n${why}`);
      }
      log(`${time + 1} of ${options.times}: ${report.numPassedTests} passed, ${failed.length} failed`);
    }
    const figures = { seeds: options.times, files: ran, passed, failed: failures.size };
    return { figures, held: failures.size === 0 && passed > 0 && !signal.aborted };
  },
});

function failuresOf({ name, message, assertionResults }: z.infer<typeof Report>['testResults'][number]) {
  const failed = assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }): [string, string] => [fullName, failureMessages.join('\n')]);
  // A file that cannot be loaded, or whose set-up fails, has no failed test in it.
  return failed.length > 0 || message === '' ? failed : [[name, message] as [string, string]];
}

async function runTests(files: readonly string[], seed: number, signal: AbortSignal) {
  const folder = await mkdtemp(join(tmpdir(), 'tripkey-properties-'));
  try {
    const report = join(folder, 'report.json');
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const args = [vitest, 'run', '--project=unit', '--reporter=json', `--outputFile=${report}`, ...files];
    const env = { ...process.env, TRIPKEY_TEST_SEED: String(seed) };
    const child = spawn(process.execPath, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
      signal,
    });
    await once(child, 'exit');
    return Report.parse(JSON.parse(readFileSync(report, 'utf8')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
