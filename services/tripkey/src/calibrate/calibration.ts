import { binomialInterval } from '@tripkey/stats';
import type { KeyClass } from './key-class.ts';
import { type Count, thresholds } from './score-tally.ts';

export type CalibrationVerdict = 'calibrated' | 'too loud' | 'too quiet' | 'too few';

/** How often a score reached one chance. */
export interface Share {
  /** What the score says: the chance. */
  readonly expected: number;
  readonly reached: number;
  /** What came: a share of the stretches judged. */
  readonly observed: number;
  /** 95 % confidence interval of the share. */
  readonly low: number;
  readonly high: number;
  readonly verdict: CalibrationVerdict;
}

/** What the scores of one rule mean on one class of keys. */
export interface Calibration {
  readonly rule: string;
  readonly keyClass: KeyClass;
  readonly stretchMs: number;
  /** Score below which the rule stays quiet. */
  readonly scoreMin: number;
  readonly judged: number;
  readonly couldNotTell: number;
  readonly shares: readonly Share[];
  readonly verdict: CalibrationVerdict;
}

/** Factor by which a share may be off: half a unit of the score. */
export const tolerance = Math.sqrt(10);
/** Exceedances that have to be expected: of fewer, even none would not tell that the score is too quiet. */
const expectedMin = 12;
/** Exceedances that have to be seen before a score is too loud. */
const seenMin = 5;

/** Compares what scores say with what came. */
export function calibrate(
  rule: { readonly id: string; readonly scoreMin: number; readonly stretchMs: number },
  keyClass: KeyClass,
  { judged, couldNotTell, reached }: Count,
): Calibration {
  const shares = thresholds.map((expected, i) => shareOf(expected, reached[i]!, judged));
  const { id, scoreMin, stretchMs } = rule;
  return {
    ...{ rule: id, keyClass, stretchMs, scoreMin, judged, couldNotTell, shares },
    verdict: overall(shares, scoreMin),
  };
}

function shareOf(expected: number, reached: number, judged: number): Share {
  const [low, high] = binomialInterval(reached, judged);
  const observed = judged > 0 ? reached / judged : 0;
  return { expected, reached, observed, low, high, verdict: verdictOf() };

  function verdictOf(): CalibrationVerdict {
    if (reached >= seenMin && low > expected * tolerance) return 'too loud';
    if (expected * judged < expectedMin) return 'too few';
    return high < expected / tolerance ? 'too quiet' : 'calibrated';
  }
}

/** Only where the rule speaks do its scores matter: loud anywhere is loud; else what most exceedances say. */
function overall(shares: readonly Share[], scoreMin: number): CalibrationVerdict {
  const spoken = shares.filter(({ expected }) => -Math.log10(expected) >= scoreMin);
  if (spoken.some(({ verdict }) => verdict === 'too loud')) return 'too loud';
  return spoken[0]?.verdict ?? 'too few';
}
