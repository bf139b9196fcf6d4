import { formatCount, formatNumber } from '../format/numbers.ts';
import { formatMinute } from '../format/times.ts';
import { usePreferences } from '../shell/preferences.ts';
import type { ChartData } from './chart-data.ts';

/** What a chart draws, as rows. */
export function ChartTable({ data }: { readonly data: ChartData }) {
  const { zone } = usePreferences();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="chart-table" tabIndex={0} aria-label="Data of the chart">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Time</th>
            {data.lines.map((line) => (
              <th scope="col" className="num" key={line.name}>
                {line.name}
              </th>
            ))}
            {data.band ? (
              <th scope="col" className="num">
                Expected range
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {data.atMs.map((at, index) => (
            <tr key={at}>
              <td className="nowrap">{formatMinute(at, zone)}</td>
              {data.lines.map((line) => (
                <td className="num" key={line.name}>
                  {line.values[index] === null ? '–' : formatCount(line.values[index] ?? 0)}
                </td>
              ))}
              {data.band ? (
                <td className="num">
                  {typeof data.band.upper[index] === 'number'
                    ? `${formatNumber(data.band.lower[index] ?? 0)}–${formatNumber(data.band.upper[index])}`
                    : '–'}
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
