#!/usr/bin/env node
// Asks the registry for known weaknesses in what we ship (not in what only tests use): fails for high and critical ones.
// A mirror that cannot be asked is said to be so, loudly, and is no failure: the weakness would be there without us, too.
import { spawnSync } from 'node:child_process';

const audit = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  encoding: 'utf8',
  maxBuffer: 64 * 2 ** 20,
});
/** @type {{ error?: { summary?: string }, metadata?: { vulnerabilities: Record<string, number> }, vulnerabilities?: Record<string, { severity: string }> }} */
let report = {};
try {
  report = JSON.parse(audit.stdout);
} catch {
  // Said below.
}
if (!report.metadata) {
  process.stderr.write(
    `audit: NOT AUDITED: ${report.error?.summary || audit.stderr.trim().split('\n')[0] || 'no answer'}\n`,
  );
  process.exit(0);
}
const { low, moderate, high, critical } = report.metadata.vulnerabilities;
process.stdout.write(`audit: ${critical} critical, ${high} high, ${moderate} moderate, ${low} low\n`);
for (const [name, { severity }] of Object.entries(report.vulnerabilities ?? {}))
  if (severity === 'high' || severity === 'critical') process.stdout.write(`audit: ${severity}: ${name}\n`);
if ((high ?? 0) + (critical ?? 0) > 0) process.exit(1);
