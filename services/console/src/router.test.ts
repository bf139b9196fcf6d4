import { expect, test, vi } from 'vitest';
import { router } from './router.tsx';

// What is around every page needs a browser.
vi.mock('./shell/shell.tsx', () => ({ Shell: () => null }));

test('another key or incident is another page, another filter is not: no dialog or chart is carried over', () => {
  const keyOf = (id: string, search: object) =>
    JSON.stringify(
      router.options.defaultRemountDeps?.({
        routeId: '/incidents/$id',
        params: { id },
        search,
        loaderDeps: {},
      }),
    );
  expect(keyOf('inc_1', {})).not.toBe(keyOf('inc_2', {}));
  expect(keyOf('inc_1', {})).toBe(keyOf('inc_1', { measure: 'denied' }));
});
