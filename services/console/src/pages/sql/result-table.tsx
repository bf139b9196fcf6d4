import type { SqlResult } from '@tripkey/contract/api';
import { plural } from '../../format/numbers.ts';
import { formatDuration } from '../../format/times.ts';
import { Scroll } from '../../ui/scroll.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

/** The rows of an answer. What is in them may come from anybody, so it is shown as text. */
export function ResultTable({ result }: { readonly result: SqlResult }) {
  const numeric = result.columns.map(({ type }) => /^(Nullable\()?(U?Int|Float|Decimal)/.test(type));
  return (
    <>
      <p className="result-hint soft" role="status">
        {result.more ? 'The first ' : ''}
        {plural(result.rows.length, 'row')}
        {result.more ? '; CSV and NDJSON have all' : ''} in {formatDuration(result.elapsed_ms)}
      </p>
      <Scroll label="Rows" className="result">
        <table className="table">
          <thead>
            <tr>
              {result.columns.map(({ name, type }, at) => (
                <th scope="col" key={name} className={numeric[at] ? 'num' : ''} title={type}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {result.rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of an answer have no identity but their place
              <tr key={index}>
                {row.map((value, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as are its cells
                  <td key={at} className={numeric[at] ? 'num' : ''}>
                    <Cell value={value} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function Cell({ value }: { readonly value: unknown }) {
  if (value === null) return <span className="muted">NULL</span>;
  if (typeof value === 'string') return <Untrusted text={value} mono />;
  return <Untrusted text={JSON.stringify(value) ?? ''} mono />;
}
