import { ApiError } from '../api/call.ts';

/** What went wrong, by its code, and the way to try again. */
export function ProblemNotice({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }) {
  const problem = error instanceof ApiError ? error.problem : null;
  return (
    <div className="notice bad" role="alert">
      <strong>
        {problem?.status === 404 ? 'Not found' : (problem?.title ?? 'This part of the page broke')}
      </strong>
      <span>{error.message}</span>
      {problem?.faults?.map((fault) => (
        <span key={fault.at}>
          <code>{fault.at}</code>: {fault.message}
        </span>
      ))}
      <span className="button-row">
        {problem ? <code className="muted">{problem.code}</code> : null}
        {onRetry ? (
          <button type="button" className="button small" onClick={onRetry}>
            Try again
          </button>
        ) : null}
      </span>
    </div>
  );
}
