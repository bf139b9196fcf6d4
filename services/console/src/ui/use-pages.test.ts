import { InfiniteQueryObserver, QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { canLoadMore } from './use-pages.ts';

test('a page that did not come is asked for again when somebody says so, not by the list itself', async () => {
  const answers = ['first', new Error('too many requests'), 'first', 'second'];
  const observer = new InfiniteQueryObserver(new QueryClient(), {
    queryKey: ['rows'],
    queryFn: () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return { items: [answer] };
    },
    retry: false,
    initialPageParam: 0,
    getNextPageParam: (_page, pages) => (pages.length < 2 ? pages.length : null),
  });
  const end = observer.subscribe(() => {});
  await observer.refetch({ cancelRefetch: false });
  expect(canLoadMore(observer.getCurrentResult())).toBe(true);
  await observer.fetchNextPage();
  expect(canLoadMore(observer.getCurrentResult())).toBe(false);
  await observer.refetch();
  expect(canLoadMore(observer.getCurrentResult())).toBe(true);
  await observer.fetchNextPage();
  expect(observer.getCurrentResult().data?.pages).toHaveLength(2);
  end();
});
