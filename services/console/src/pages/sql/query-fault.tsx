import { ApiError } from '../../api/call.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';

/** Why a query was refused or failed, and where in it. */
export function QueryFault({ error, sql }: { readonly error: Error; readonly sql: string }) {
  const position = error instanceof ApiError ? error.problem.position : undefined;
  return (
    <div className="result-hint">
      <ProblemNotice error={error} />
      {position === undefined ? null : <Place sql={sql} position={position} />}
    </div>
  );
}

/** The line with a mark under the character, counted from 1. */
function Place({ sql, position }: { readonly sql: string; readonly position: number }) {
  const before = sql.slice(0, position - 1);
  const start = before.lastIndexOf('\n') + 1;
  const line = sql.slice(start).split('\n')[0] ?? '';
  return (
    <pre className="fault-place">
      {line}
      {'\n'}
      {' '.repeat(position - 1 - start)}^
    </pre>
  );
}
