import { runBacktest, type SimulationOptions, simulate } from '@tripkey/cli';
import * as z from 'zod';
import { defineMeasurement } from '../measure/measurement.ts';
import { jsonLines } from './json-lines.ts';
import { type AlertScore, scoreAlerts } from './score-alerts.ts';

const warmUpDays = 7;

/**
 * What the rules find, with their default settings, in simulated businesses with labelled attacks and plenty of
 * harmless oddities; and how fast a backtest is. Several simulations, because one says little.
 */
export const benchDetection = defineMeasurement({
  name: 'detection',
  summary: 'what is found in simulated traffic, how soon, and how many alerts are false',
  options: z.object({
    runs: z.coerce.number().int().positive().default(2).describe('simulations, each with the next seed'),
    keys: z.coerce.number().int().positive().default(120).describe('keys in each'),
    days: z.coerce.number().int().min(10).default(21).describe('days of each'),
    tickSeconds: z.coerce.number().int().min(1).max(60).default(15).describe('length of a tick'),
  }),
  async run({ options, seed, log, signal }) {
    const scores: AlertScore[] = [];
    let events = 0;
    let seconds = 0;
    for (let run = 0; run < options.runs && !signal.aborted; run++) {
      const simulation: SimulationOptions = {
        seed: seed + run,
        start: '2026-03-02T00:00:00.000Z',
        days: options.days,
        keys: options.keys,
      };
      const { keys, labels, events: made } = simulate(simulation);
      const startedAt = performance.now();
      const result = await runBacktest({
        events: jsonLines(made()),
        keys,
        tickMs: options.tickSeconds * 1_000,
      });
      seconds += (performance.now() - startedAt) / 1_000;
      events += result.events;
      const score = scoreAlerts(result.alerts, labels, { keys: keys.length, days: options.days, warmUpDays });
      scores.push(score);
      log(`seed ${simulation.seed}: ${score.found} of ${score.incidents} found, ${score.falseAlerts} false`);
    }
    tellKinds(scores, log);
    const sum = (of: (score: AlertScore) => number) => scores.reduce((total, score) => total + of(score), 0);
    const delays = scores.flatMap((score) => score.delaysMin).sort((a, b) => a - b);
    const recall = sum((score) => score.found) / sum((score) => score.incidents);
    return {
      figures: {
        incidents: sum((score) => score.incidents),
        found: sum((score) => score.found),
        recall: Number(recall.toFixed(3)),
        false_per_1000_key_days: Number(
          ((1_000 * sum((score) => score.falseAlerts)) / sum((score) => score.keyDays)).toFixed(2),
        ),
        delay_median_min: Number((delays[delays.length >> 1] ?? Number.NaN).toFixed(1)),
        events,
        events_per_s: Math.round(events / seconds),
      },
      // A floor under what was reached, not the aim: a change that falls through it has broken something.
      held: recall >= 0.7 && sum((score) => score.falseAlerts) / sum((score) => score.keyDays) <= 0.04,
    };
  },
});

function tellKinds(scores: readonly AlertScore[], log: (line: string) => void): void {
  const kinds = new Map<string, [number, number]>();
  for (const [kind, [found, played]] of scores.flatMap((score) => [...score.byKind])) {
    const [before, all] = kinds.get(kind) ?? [0, 0];
    kinds.set(kind, [before + found, all + played]);
  }
  for (const [kind, [found, played]] of [...kinds].sort()) log(`  ${kind.padEnd(20)} ${found} of ${played}`);
}
