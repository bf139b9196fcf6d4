import { renameSync, writeFileSync } from 'node:fs';
import type { DrillSummary } from './run-drill.ts';

/**
 * Writes what a drill found for Prometheus' textfile collector: recall and time to the message. Replaced whole, so that
 * nobody reads half of it.
 */
export function writeDrillMetrics(path: string, summary: DrillSummary, atMs: number): void {
  const seconds = (ms: number | null) => (ms === null ? 'NaN' : String(ms / 1_000));
  const gauges: readonly (readonly [string, string, string])[] = [
    [
      'tripkey_drill_recall',
      'Share of the attacks of the last drill that people were told of',
      String(summary.recall),
    ],
    ['tripkey_drill_attacks', 'Attacks of the last drill', String(summary.attacks)],
    [
      'tripkey_drill_told_seconds_median',
      'From an attack to the message about it, median of the last drill',
      seconds(summary.told_ms_median),
    ],
    ['tripkey_drill_told_seconds_max', 'The same, the longest', seconds(summary.told_ms_max)],
    [
      'tripkey_drill_last_timestamp_seconds',
      'When the last drill ended; drills that stopped show here',
      String(atMs / 1_000),
    ],
  ];
  const text = gauges.map(
    ([name, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`,
  );
  writeFileSync(`${path}.part`, text.join(''));
  renameSync(`${path}.part`, path);
}
