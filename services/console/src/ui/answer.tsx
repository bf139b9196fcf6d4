import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loading } from './card.tsx';
import { ProblemNotice } from './problem-notice.tsx';

/** Shows an answer once it is there; until then that it is awaited, or why it did not come. */
export function Answer<T>({
  of,
  children,
}: {
  readonly of: UseQueryResult<T>;
  readonly children: (data: T) => ReactNode;
}) {
  if (of.data !== undefined) return children(of.data);
  if (of.error) return <ProblemNotice error={of.error} onRetry={() => void of.refetch()} />;
  return <Loading />;
}
