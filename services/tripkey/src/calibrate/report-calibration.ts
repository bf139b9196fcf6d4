import { textTable } from '../api/text-table.ts';
import type { Calibration, Share } from './calibration.ts';
import { thresholds } from './score-tally.ts';

/** The calibrations as one row each: share that came (its 95 % interval) at each chance, and the verdict. */
export function calibrationTable(calibrations: readonly Calibration[]): string {
  const names = ['rule', 'keys', 'stretch', 'judged', ...thresholds.map((p) => `at ${p.toExponential()}`)];
  return textTable(
    [...names, 'verdict'],
    calibrations.map(({ rule, keyClass, stretchMs, judged, shares, verdict }) => [
      ...[rule, keyClass, `${stretchMs / 60_000} min`, judged],
      ...shares.map(shareText),
      verdict,
    ]),
  );
}

/** The calibrations as the command prints them with --json. */
export function calibrationJson(calibrations: readonly Calibration[]) {
  return calibrations.map(
    ({ rule, keyClass, stretchMs, scoreMin, judged, couldNotTell, shares, verdict }) => ({
      ...{ rule, key_class: keyClass, stretch_minutes: stretchMs / 60_000, score_min: scoreMin },
      ...{ judged, could_not_tell: couldNotTell, shares, verdict },
    }),
  );
}

function shareText({ reached, observed, low, high }: Share): string {
  if (reached === 0) return `0 (to ${short(high)})`;
  return `${short(observed)} (${short(low)} to ${short(high)})`;
}

function short(share: number): string {
  return share === 0 ? '0' : share.toExponential(1);
}
