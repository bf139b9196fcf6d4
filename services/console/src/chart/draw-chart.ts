import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatShort } from '../format/numbers.ts';
import { formatClock, formatDay, type Zone } from '../format/times.ts';
import { type ChartData, type ChartLine, highest } from './chart-data.ts';

export interface Drawing {
  /** Called with the index under the mouse, or null. */
  readonly onPoint: (index: number | null, left: number) => void;
  /** Called when somebody drags over a span, epoch ms. */
  readonly onRange: ((fromMs: number, toMs: number) => void) | undefined;
  readonly zone: Zone;
  readonly height: number;
}

/** Draws a chart into an element. The returned function removes it. */
export function drawChart(into: HTMLElement, data: ChartData, drawing: Drawing): () => void {
  const colour = readColours(into);
  const { band, lines } = data;
  const columns: (readonly (number | null)[])[] = band ? [band.upper, band.lower, band.expected] : [];
  const bandSeries: uPlot.Series[] = band
    ? [
        { stroke: 'transparent', points: { show: false } },
        { stroke: 'transparent', points: { show: false } },
        { stroke: colour('--text-3'), width: 1, dash: [3, 3], points: { show: false } },
      ]
    : [];
  const max = highest(data);
  const options: uPlot.Options = {
    width: into.clientWidth,
    height: drawing.height,
    ms: 1,
    tzDate: (ts) => (drawing.zone === 'utc' ? uPlot.tzDate(new Date(ts), 'Etc/UTC') : new Date(ts)),
    legend: { show: false },
    padding: [8, 6, 0, 0],
    cursor: {
      y: false,
      points: { size: 7 },
      drag: { x: drawing.onRange !== undefined, y: false, setScale: false },
    },
    scales: { x: { time: true }, y: { range: () => [0, max * 1.08] } },
    axes: [
      axis(colour, xAxis(drawing.zone)),
      axis(colour, { size: 46, values: (_u, ticks) => ticks.map(formatShort) }),
    ],
    ...(band ? { bands: [{ series: [1, 2], fill: colour('--band') }] } : {}),
    series: [{}, ...bandSeries, ...lines.map((line) => lineSeries(line, colour))],
    hooks: {
      drawClear: [(u) => flag(u, data, colour)],
      setCursor: [(u) => drawing.onPoint(u.cursor.idx ?? null, u.cursor.left ?? 0)],
      setSelect: [
        (u) => {
          const { left, width } = u.select;
          if (width > 4) drawing.onRange?.(u.posToVal(left, 'x'), u.posToVal(left + width, 'x'));
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
  const aligned = [data.atMs, ...columns, ...lines.map((line) => line.values)] as uPlot.AlignedData;
  const plot = new uPlot(options, aligned, into);
  const resized = new ResizeObserver(() => {
    if (into.clientWidth > 0 && into.clientWidth !== plot.width)
      plot.setSize({ width: into.clientWidth, height: drawing.height });
  });
  resized.observe(into);
  return () => {
    resized.disconnect();
    plot.destroy();
  };
}

type Colour = (name: `--${string}`) => string;

/** Colours as the theme has them now: a canvas does not know variables, and `light-dark()` resolves only in a property. */
function readColours(element: HTMLElement): Colour {
  const known = new Map<string, string>();
  // A colour on its way to another would be read as what it was.
  element.style.transition = 'none';
  return (name) => {
    const had = known.get(name);
    if (had) return had;
    element.style.color = `var(${name})`;
    const resolved = getComputedStyle(element).color;
    element.style.color = '';
    known.set(name, resolved);
    return resolved;
  };
}

function lineSeries({ tone, filled }: ChartLine, colour: Colour): uPlot.Series {
  const stroke = colour(`--${tone}`);
  return {
    stroke,
    width: 1.6,
    points: { show: false },
    ...(filled ? { fill: stroke.replace('rgb(', 'rgba(').replace(')', ', 0.12)') } : {}),
  };
}

function axis(colour: Colour, more: uPlot.Axis): uPlot.Axis {
  return {
    stroke: colour('--text-3'),
    font: '11px "Inter Variable", system-ui, sans-serif',
    grid: { stroke: colour('--grid'), width: 1 },
    ticks: { show: false },
    gap: 6,
    ...more,
  };
}

function xAxis(zone: Zone): uPlot.Axis {
  const dayMs = 86_400_000;
  return {
    size: 28,
    space: 72,
    values: (_u, ticks) => {
      const step = (ticks[1] ?? 0) - (ticks[0] ?? 0);
      return ticks.map((tick, at) => {
        const before = ticks[at - 1];
        const newDay = before !== undefined && formatDay(before, zone) !== formatDay(tick, zone);
        return step >= dayMs || newDay ? formatDay(tick, zone) : formatClock(tick, zone);
      });
    },
  };
}

/** Tints the flagged windows; one that is narrower than the eye sees is widened to 3 px. */
function flag(u: uPlot, { flagged }: ChartData, colour: Colour): void {
  const { left, top, width, height } = u.bbox;
  u.ctx.save();
  for (const { fromMs, toMs } of flagged) {
    const from = Math.max(left, u.valToPos(fromMs, 'x', true));
    const to = Math.min(left + width, u.valToPos(toMs, 'x', true));
    if (to < left || from > left + width) continue;
    const wide = Math.max(3, to - from);
    u.ctx.fillStyle = colour('--flag');
    u.ctx.fillRect(from, top, wide, height);
    u.ctx.fillStyle = colour('--critical');
    u.ctx.fillRect(from, top, wide, 2 * devicePixelRatio);
  }
  u.ctx.restore();
}
