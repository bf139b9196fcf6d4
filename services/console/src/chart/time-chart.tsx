import { useEffect, useId, useRef, useState } from 'react';
import { formatCount, formatNumber } from '../format/numbers.ts';
import { formatMinute } from '../format/times.ts';
import { usePreferences } from '../shell/preferences.ts';
import { type ChartData, describeChart } from './chart-data.ts';
import { ChartTable } from './chart-table.tsx';
import './chart.css';

const loadDrawing = () => import('./draw-chart.ts');
// It comes while the data do; if it does not come, it is asked for again when there is something to draw.
loadDrawing().catch(() => {});

interface TimeChartProps {
  readonly data: ChartData;
  /** px. */
  readonly height?: number;
  /** Somebody dragged over a span of the chart. */
  readonly onRange?: ((fromMs: number, toMs: number) => void) | undefined;
}

/** A chart over time, that can also be read as a table and is said in words. The drawing code comes when it is needed. */
export function TimeChart({ data, height = 220, onRange }: TimeChartProps) {
  const { zone, theme } = usePreferences();
  const dark = useDark();
  const [asTable, setAsTable] = useState(false);
  const [failed, setFailed] = useState(false);
  const [point, setPoint] = useState<{ index: number; left: number } | null>(null);
  const into = useRef<HTMLDivElement>(null);
  const latestRange = useRef(onRange);
  latestRange.current = onRange;
  const canRange = onRange !== undefined;
  const id = useId();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the theme, so a change of it draws again
  useEffect(() => {
    const element = into.current;
    if (!element || asTable) return;
    let remove: (() => void) | undefined;
    let over = false;
    loadDrawing()
      .then(({ drawChart }) => {
        if (over) return;
        remove = drawChart(element, data, {
          zone,
          height,
          onRange: canRange ? (fromMs, toMs) => latestRange.current?.(fromMs, toMs) : undefined,
          onPoint: (index, left) => setPoint(index === null || left < 0 ? null : { index, left }),
        });
        element.dataset.drawn = 'true';
      })
      .catch(() => setFailed(true));
    return () => {
      over = true;
      remove?.();
    };
  }, [data, zone, theme, dark, height, asTable, canRange]);

  return (
    <figure className="chart" aria-labelledby={id}>
      <div className="chart-head">
        <Legend data={data} />
        <button
          type="button"
          className="button quiet small"
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? 'Chart' : 'Table'}
        </button>
      </div>
      <figcaption id={id} className={failed ? 'soft' : 'sr-only'}>
        {describeChart(data, zone)}
      </figcaption>
      {asTable || failed ? (
        <ChartTable data={data} />
      ) : (
        <div className="chart-area">
          <div ref={into} style={{ height }} aria-hidden="true" />
          {point ? <Readout data={data} {...point} /> : null}
        </div>
      )}
    </figure>
  );
}

function Legend({ data }: { readonly data: ChartData }) {
  return (
    <ul className="legend" aria-hidden="true">
      {data.lines.map((line) => (
        <li key={line.name}>
          <span className={`swatch ${line.tone}`} /> {line.name}
        </li>
      ))}
      {data.band ? (
        <>
          <li>
            <span className="swatch dashed" /> Expected
          </li>
          <li>
            <span className="swatch band" /> Expected range
          </li>
        </>
      ) : null}
      {data.flagged.length > 0 ? (
        <li>
          <span className="swatch flag" /> Flagged
        </li>
      ) : null}
    </ul>
  );
}

function Readout({
  data,
  index,
  left,
}: {
  readonly data: ChartData;
  readonly index: number;
  readonly left: number;
}) {
  const { zone } = usePreferences();
  const at = data.atMs[index];
  if (at === undefined) return null;
  const upper = data.band?.upper[index];
  const lower = data.band?.lower[index];
  const flagged = data.flagged.find(({ fromMs, toMs }) => at + data.stepMs > fromMs && at < toMs);
  const rightHalf = index > data.atMs.length / 2;
  return (
    <div
      className="readout"
      style={rightHalf ? { right: `calc(100% - ${left + 38}px)` } : { left: left + 54 }}
      aria-hidden="true"
    >
      <strong>{formatMinute(at, zone)}</strong>
      {data.lines.map((line) => (
        <span key={line.name}>
          {line.name} <b>{line.values[index] === null ? '–' : formatCount(line.values[index] ?? 0)}</b>
        </span>
      ))}
      {typeof upper === 'number' && typeof lower === 'number' ? (
        <span>
          Expected{' '}
          <b>
            {formatNumber(lower)}–{formatNumber(upper)}
          </b>
        </span>
      ) : null}
      {flagged ? <span className="flagged">{flagged.what}</span> : null}
    </div>
  );
}

function useDark(): boolean {
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const changed = () => setDark(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return dark;
}
