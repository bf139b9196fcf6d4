import type { UsageSeries } from '@tripkey/contract/api';
import { formatCount, formatNumber, formatShort, plural } from '../format/numbers.ts';
import { formatMinute, type Zone } from '../format/times.ts';

/** A line of a chart. `null` where nothing is known. */
export interface ChartLine {
  readonly name: string;
  readonly tone: 'accent' | 'critical' | 'medium' | 'text';
  readonly values: readonly (number | null)[];
  /** The area below it is tinted. */
  readonly filled?: boolean;
}

/** What a chart over time shows, ready to be drawn, said in words, or written as a table. */
export interface ChartData {
  /** Starts of the steps, epoch ms, ascending. */
  readonly atMs: readonly number[];
  readonly stepMs: number;
  readonly lines: readonly ChartLine[];
  readonly band: {
    readonly expected: readonly (number | null)[];
    readonly lower: readonly (number | null)[];
    readonly upper: readonly (number | null)[];
  } | null;
  readonly flagged: readonly { readonly fromMs: number; readonly toMs: number; readonly what: string }[];
}

export const measures = ['requests', 'denied', 'bytes_out', 'errors_5xx'] as const;
export type Measure = (typeof measures)[number];

const names: Readonly<Record<Measure, string>> = {
  requests: 'Requests',
  denied: 'Denied',
  bytes_out: 'Bytes out',
  errors_5xx: 'Server errors',
};

export function measureName(measure: Measure): string {
  return names[measure];
}

/** The traffic of a key or of the fleet. The band belongs to requests alone. */
export function toChartData(series: UsageSeries, measure: Measure = 'requests'): ChartData {
  const { points } = series;
  const band = measure === 'requests' && series.band.length > 0 ? bandOver(series) : null;
  const denied: ChartLine[] =
    measure === 'requests' && points.some((point) => point.denied > 0)
      ? [{ name: 'Denied', tone: 'critical', values: points.map((point) => point.denied) }]
      : [];
  return {
    atMs: points.map((point) => Date.parse(point.at)),
    stepMs: series.step_seconds * 1_000,
    lines: [
      { name: names[measure], tone: 'accent', values: points.map((point) => point[measure]) },
      ...denied,
    ],
    band,
    flagged: mergeSpans(
      series.flagged.map((span) => ({
        fromMs: Date.parse(span.from),
        toMs: Date.parse(span.to),
        what: span.rule_id,
      })),
    ),
  };
}

/** The band at the steps of the series; steps that have none stay empty. */
function bandOver(series: UsageSeries): NonNullable<ChartData['band']> {
  const byTime = new Map(series.band.map((point) => [Date.parse(point.at), point]));
  const found = series.points.map((point) => byTime.get(Date.parse(point.at)));
  return {
    expected: found.map((point) => point?.expected ?? null),
    lower: found.map((point) => point?.lower ?? null),
    upper: found.map((point) => point?.upper ?? null),
  };
}

type Span = ChartData['flagged'][number];

/** Spans that touch become one, which names every rule once. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: { fromMs: number; toMs: number; rules: Set<string> }[] = [];
  for (const { fromMs, toMs, what } of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = merged.at(-1);
    if (last && fromMs <= last.toMs) {
      last.toMs = Math.max(last.toMs, toMs);
      last.rules.add(what);
    } else merged.push({ fromMs, toMs, rules: new Set([what]) });
  }
  return merged.map(({ rules, ...span }) => ({ ...span, what: [...rules].join(', ') }));
}

/** The chart in two or three sentences, for those who do not see it. */
export function describeChart({ atMs, lines, band, flagged }: ChartData, zone: Zone): string {
  const [line] = lines;
  if (!line || atMs.length === 0) return 'No data in this span of time.';
  const known = line.values.map((value) => value ?? 0);
  const sum = known.reduce((total, value) => total + value, 0);
  const top = known.reduce((best, value, at) => (value > known[best]! ? at : best), 0);
  const said = [
    `${line.name} from ${formatMinute(atMs[0]!, zone)} to ${formatMinute(atMs.at(-1)!, zone)}: ${formatShort(sum)} in all, most at ${formatMinute(atMs[top]!, zone)} with ${formatCount(known[top]!)}.`,
  ];
  if (band) {
    const above = known.filter((value, at) => value > (band.upper[at] ?? Number.POSITIVE_INFINITY)).length;
    const expected = band.expected[top];
    if (typeof expected === 'number') said.push(`About ${formatNumber(expected)} were expected then.`);
    said.push(`${plural(above, 'step')} of ${formatCount(known.length)} above the expected band.`);
  }
  if (flagged.length > 0) said.push(`${plural(flagged.length, 'flagged window')}.`);
  return said.join(' ');
}

/** The highest value that has to fit, at least 1. */
export function highest({ lines, band }: ChartData): number {
  let max = 1;
  for (const values of [...lines.map((line) => line.values), band?.upper ?? []])
    for (const value of values) if (value !== null && value > max) max = value;
  return max;
}
