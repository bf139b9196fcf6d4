import { useInfiniteQuery } from '@tanstack/react-query';
import type { RouteId } from '@tripkey/contract/api';
import { useCallback, useMemo } from 'react';
import type { CallOf } from '../api/call.ts';
import { askPages } from '../api/queries.ts';

/** All rows of a list that are loaded so far, and how to get more. */
export function usePages<const Id extends RouteId>(id: Id, given: Omit<CallOf<Id>, 'signal'>) {
  const query = useInfiniteQuery(askPages(id, given));
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const loadMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [isFetchingNextPage, fetchNextPage]);
  return { query, rows, total: data?.pages[0]?.total ?? null, hasMore: hasNextPage, loadMore };
}
