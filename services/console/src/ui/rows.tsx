import type { ReactNode } from 'react';
import { Loading } from './card.tsx';
import { ProblemNotice } from './problem-notice.tsx';

interface RowsProps {
  /** What `usePages` gives. */
  readonly of: {
    readonly query: {
      readonly error: Error | null;
      readonly isPending: boolean;
      readonly isFetchingNextPage: boolean;
      readonly refetch: () => Promise<unknown>;
    };
    readonly rows: readonly unknown[];
    readonly hasMore: boolean;
    readonly loadMore: () => void;
  };
  /** What to press for more, where they are not fetched by scrolling. */
  readonly more?: string;
  /** Says why there is nothing. */
  readonly empty: ReactNode;
  readonly children: ReactNode;
}

/** Shows a list once there is something in it; else that it is awaited, that it is empty, or why it did not come. */
export function Rows({ of: { query, rows, hasMore, loadMore }, more, empty, children }: RowsProps) {
  if (rows.length === 0 && query.isPending && !query.error) return <Loading />;
  return (
    <>
      {query.error ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {rows.length > 0 ? children : query.error ? null : empty}
      {more && hasMore ? (
        <div className="card-foot">
          <button
            type="button"
            className="button small"
            onClick={loadMore}
            disabled={query.isFetchingNextPage}
          >
            {query.isFetchingNextPage ? 'Loading …' : more}
          </button>
        </div>
      ) : null}
    </>
  );
}
