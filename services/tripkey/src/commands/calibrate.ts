import { writeFileSync } from 'node:fs';
import { keyRules } from '@tripkey/rules';
import { Command } from 'commander';
import { runBacktest } from '../backtest/run-backtest.ts';
import { showBacktestProgress } from '../backtest/show-backtest-progress.ts';
import { drawCalibration } from '../calibrate/calibration-plot.ts';
import { calibrationJson, calibrationTable } from '../calibrate/report-calibration.ts';
import { ScoreWatch } from '../calibrate/score-watch.ts';
import { readKeys } from '../read-keys.ts';
import { readLines } from '../read-lines.ts';
import { tickSeconds } from './backtest.ts';

interface Options {
  events: string;
  keys?: string;
  plot?: string;
  tickSeconds: number;
  json?: boolean;
}

/** `tripkey calibrate`: whether scores mean what they say, on history. */
export function calibrateCommand(): Command {
  return new Command('calibrate')
    .description(
      "compare how often rules' scores came, over recorded history, with the chance that they give",
    )
    .requiredOption('--events <file>', 'RequestEvents, a line each; .gz, .zst or - for standard input')
    .option('--keys <file>', 'KeyRecords, a line each')
    .option('--plot <file>', 'where a plot goes, SVG')
    .option('--tick-seconds <n>', 'length of a tick, 1 to 60', tickSeconds, 15)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Example:
  tripkey calibrate --events events.ndjson.zst --keys keys.ndjson --plot calibration.svg

A score of 3 says: one in a thousand. A stretch of time (a quarter of an hour, an hour, a day or a week, as the rule
counts) in which a key was judged counts once, by its highest score. Attacks in the history count as benign: take them
out, or read what comes beyond the expectation as theirs. Verdicts look only at scores with which the rule speaks.`,
    )
    .action(async (options: Options) => {
      const source = readLines(options.events);
      const keys = options.keys ? await readKeys(options.keys, 'taken') : [];
      const scores = new ScoreWatch(keyRules);
      const progress = showBacktestProgress(source);
      const result = await runBacktest({
        events: source.lines,
        keys,
        tickMs: options.tickSeconds * 1_000,
        onJudge: (rule, params, facts) => scores.note(rule, params, facts),
        ...progress,
      });
      progress.stop();
      const calibrations = scores.calibrations();
      if (options.plot) writeFileSync(options.plot, drawCalibration(calibrations));
      const { events, rejected } = result;
      const notCompared = scores.notCompared;
      if (options.json) {
        const rules = calibrationJson(calibrations);
        const summary = { events, rejected, keys: result.keys, rules, not_compared: notCompared };
        process.stdout.write(`${JSON.stringify(summary)}\n`);
        return;
      }
      process.stdout.write(calibrationTable(calibrations));
      process.stderr.write(
        `${events.toLocaleString('en')} events of ${result.keys} keys, ${rejected} rejected\n` +
          'too few: fewer than twelve exceedances expected, so that even none would say nothing\n' +
          `not compared, for their scores are fixed: ${notCompared.join(', ')}\n`,
      );
    });
}
