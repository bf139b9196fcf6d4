import type { Calibration, CalibrationVerdict } from './calibration.ts';
import { tolerance } from './calibration.ts';
import { type KeyClass, keyClasses } from './key-class.ts';
import { thresholds } from './score-tally.ts';

/** Powers of ten that both axes show, from certain to one in a million. */
const decades = 6;
/** Side of a panel, and where the first one begins, px. */
const side = 330;
const [left, top, gapX, gapY] = [80, 96, 130, 84];
const [width, height] = [left + 2 * side + gapX + 110, top + 2 * side + gapY + 62];
const labelGap = 13;
/** Loud rules named in a panel; the table names all. */
const namedMax = 12;

const style = `
  svg { --ground: #ffffff; --ink: #1f2328; --faint: #d0d7de; --band: #dafbe1;
        --loud: #cf222e; --good: #1a7f37; --silent: #6e7781; font: 12px system-ui, sans-serif; }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #0d1117; --ink: #e6edf3; --faint: #30363d; --band: #12261e;
          --loud: #ff7b72; --good: #3fb950; --silent: #8b949e; }
  }
  .ground { fill: var(--ground); } .band { fill: var(--band); } text { fill: var(--ink); }
  .title { font-size: 17px; font-weight: 600; } .name { font-size: 14px; font-weight: 600; }
  .grid { stroke: var(--faint); } .even { stroke: var(--ink); stroke-dasharray: 5 4; }
  .line { fill: none; stroke-width: 1.6; } .rule { font-size: 11px; }
  .loud { stroke: var(--loud); } .good { stroke: var(--good); } .silent { stroke: var(--silent); stroke-dasharray: 2 3; }
    circle.loud { fill: var(--loud); stroke: none; } circle.good { fill: var(--good); stroke: none; }
  circle.silent { fill: var(--silent); stroke: none; }
`;

const drawnAs: Readonly<Record<CalibrationVerdict, 'loud' | 'good' | 'silent' | null>> = {
  'too loud': 'loud',
  calibrated: 'good',
  'too quiet': 'silent',
  'too few': null,
};

/**
 * Draws what came against what scores say, both logarithmic: a panel for each key class, a line for each rule of which
 * something can be said, the diagonal, and the band in which a score is off by half a unit at most.
 * @returns an SVG document that follows the reader's light or dark setting
 */
export function drawCalibration(calibrations: readonly Calibration[]): string {
  const panels = keyClasses.map((keyClass, i) =>
    panel(
      keyClass,
      calibrations.filter((one) => one.keyClass === keyClass),
      left + (i % 2) * (side + gapX),
      top + Math.floor(i / 2) * (side + gapY),
    ),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">Observed against expected exceedances of the rules' scores, by key class</title>
<style>${style}</style>
<rect class="ground" width="${width}" height="${height}"/>
${text(left, 32, 'Do scores mean what they say?', 'class="title"')}
${legend(left, 56)}
${panels.join('\n')}
${text(width / 2, height - 14, 'expected: the chance that the score gives', 'text-anchor="middle"')}
${text(0, 0, 'observed: share of the stretches judged', `text-anchor="middle" transform="translate(22 ${height / 2}) rotate(-90)"`)}
</svg>
`;
}

function legend(x: number, y: number): string {
  const entries = [
    ['loud', 'too loud: more comes than the score says'],
    ['good', 'calibrated, to a factor of √10 (band)'],
    ['silent', 'too quiet: less comes'],
  ] as const;
  return entries
    .map(([kind, words], i) => {
      const at = x + [0, 320, 610][i]!;
      return `<path class="line ${kind}" d="M${at} ${y - 4}h26"/>${text(at + 32, y, words)}`;
    })
    .join('');
}

function panel(keyClass: KeyClass, calibrations: readonly Calibration[], x: number, y: number): string {
  const judged = Math.max(0, ...calibrations.map((one) => one.judged));
  const drawn = calibrations.flatMap((one) => {
    const kind = drawnAs[one.verdict];
    const points = pointsOf(one);
    return kind && points.length > 0 ? [{ rule: one.rule, kind, points }] : [];
  });
  const shift = Math.log10(tolerance);
  const nothing = drawn.length === 0 ? text(side - 12, 24, 'too few to say', 'text-anchor="end"') : '';
  return `<g transform="translate(${x} ${y})">
${text(0, -10, `${keyClass} keys, up to ${judged.toLocaleString('en')} stretches a rule`, 'class="name"')}
<path class="band" d="M0 0H${px(shift)}L${side} ${side - px(shift)}V${side}H${side - px(shift)}L0 ${px(shift)}Z"/>
${grid()}
<path class="even" d="M0 0L${side} ${side}"/>
${drawn.map(line).join('\n')}
${names(drawn.filter(({ kind }) => kind === 'loud'))}${nothing}
</g>`;
}

/** A position on an axis for so many powers of ten below 1, px. */
function px(decadesDown: number): number {
  return Math.round((decadesDown / decades) * side * 10) / 10;
}

type Point = readonly [x: number, y: number];
type Line = { readonly rule: string; readonly kind: string; readonly points: readonly Point[] };

/** What never came has no place on a logarithmic axis. */
function pointsOf({ shares }: Calibration): Point[] {
  return thresholds.flatMap((expected, i) => {
    const observed = shares[i]?.observed ?? 0;
    if (observed <= 0) return [];
    return [[px(-Math.log10(expected)), Math.min(side, px(-Math.log10(observed)))] as const];
  });
}

function line({ rule, kind, points }: Line): string {
  const dots = points.map(([x, y]) => `<circle class="${kind}" cx="${x}" cy="${y}" r="2.6"/>`).join('');
  const path = `<path class="line ${kind}" d="M${points.map((point) => point.join(' ')).join('L')}"/>`;
  return `<g><title>${escaped(rule)}</title>${path}${dots}</g>`;
}

/** Names the lines at their far ends, one below the other where they would meet. */
function names(lines: readonly Line[]): string {
  let free = Number.NEGATIVE_INFINITY;
  return lines
    .map(({ rule, points }) => ({ rule, end: points.at(-1)! }))
    .sort((a, b) => a.end[1] - b.end[1])
    .slice(0, namedMax)
    .map(({ rule, end: [x, y] }) => {
      free = Math.max(free + labelGap, y + 4);
      return text(x + 6, free, rule, 'class="rule"');
    })
    .join('');
}

function grid(): string {
  const lines = Array.from({ length: decades + 1 }, (_, i) => {
    const at = px(i);
    const tick = i === 0 ? '1' : `10<tspan dy="-4" font-size="9">−${i}</tspan>`;
    return (
      `<path class="grid" d="M${at} 0V${side}M0 ${at}H${side}"/>` +
      `<text x="${at}" y="${side + 18}" text-anchor="middle">${tick}</text>` +
      `<text x="-8" y="${at + 4}" text-anchor="end">${tick}</text>`
    );
  });
  return lines.join('\n');
}

function text(x: number, y: number, words: string, attributes = ''): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
