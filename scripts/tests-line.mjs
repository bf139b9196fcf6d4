#!/usr/bin/env node
// Prints what a vitest JSON report says in one plain line: "tests: N passed, N failed, N skipped".
// Exits 1 when the report is missing or something in it failed.
//
//   node scripts/tests-line.mjs REPORT.json
import { readFileSync } from 'node:fs';

const [path = ''] = process.argv.slice(2);
try {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  // A file that cannot even be loaded has no failed test in it, but it has failed.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  const skipped = report.numPendingTests + report.numTodoTests;
  process.stdout.write(`tests: ${report.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`tests-line: the report ${path} cannot be read: ${error.message}\n`);
  process.exitCode = 1;
}
