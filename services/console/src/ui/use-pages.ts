import { useInfiniteQuery } from '@tanstack/react-query';
import type { RouteId } from '@tripkey/contract/api';
import { useCallback, useMemo } from 'react';
import type { CallOf } from '../api/call.ts';
import { askPages } from '../api/queries.ts';

/**
 * All rows of a list that are loaded so far, and how to get more. There are no more to get once a page did not come: a list that
 * loads by itself would ask for it again and again. Trying again is what the notice of the fault offers.
 */
export function usePages<const Id extends RouteId>(id: Id, given: Omit<CallOf<Id>, 'signal'>) {
  const query = useInfiniteQuery(askPages(id, given));
  const { data, isFetchingNextPage, fetchNextPage } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const loadMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [isFetchingNextPage, fetchNextPage]);
  return { query, rows, total: data?.pages[0]?.total ?? null, hasMore: canLoadMore(query), loadMore };
}

/** Whether a further page may be asked for. */
export function canLoadMore(query: {
  readonly hasNextPage: boolean;
  readonly isFetchNextPageError: boolean;
}): boolean {
  return query.hasNextPage && !query.isFetchNextPageError;
}
