import { type InfiniteData, infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query';
import type { RouteId } from '@tripkey/contract/api';
import { type AnswerOf, ApiError, type CallOf, call } from './call.ts';

/** Answers are kept under the route and what it was called with. Refused is refused; what did not arrive is asked again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) =>
        failures < 3 &&
        error instanceof ApiError &&
        (error.problem.status === 0 || error.problem.status >= 502),
    },
  },
});

type Given<Id extends RouteId> = Omit<CallOf<Id>, 'signal'>;

/** One answer of a route that reads. */
export function ask<const Id extends RouteId>(id: Id, given: Given<Id>) {
  return queryOptions<AnswerOf<Id>, Error, AnswerOf<Id>, readonly unknown[]>({
    queryKey: [id, given] as const,
    queryFn: ({ signal }) => call(id, { ...given, signal } as unknown as CallOf<Id>),
  });
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
  readonly total: number | null;
}

type ItemOf<Id extends RouteId> = AnswerOf<Id> extends Page<infer Item> ? Item : never;

/** A list, page after page as somebody scrolls. */
export function askPages<const Id extends RouteId>(id: Id, given: Given<Id>) {
  type Answer = Page<ItemOf<Id>>;
  return infiniteQueryOptions<Answer, Error, InfiniteData<Answer>, readonly unknown[], string | null>({
    queryKey: [id, 'pages', given] as const,
    queryFn: ({ signal, pageParam }) => {
      const { query } = given as { query?: object };
      const asked = {
        ...given,
        query: { ...query, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      };
      return call(id, asked as unknown as CallOf<Id>) as unknown as Promise<Answer>;
    },
    initialPageParam: null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

/** What shows sums over incidents. The list of incidents is not among them: its rows must not move by themselves. */
export const sums: readonly RouteId[] = [
  'getOverview',
  'getStatus',
  'getIncidentFacets',
  'listOperations',
  'listRules',
  'getRule',
];
