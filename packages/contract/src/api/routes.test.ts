import { describe, expect, test } from 'vitest';
import { type Route, routes } from './index.ts';

const all: readonly Route[] = routes;

describe('the table of routes', () => {
  test('no two routes have one id, or one method and path', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const places = all.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
    expect(new Set(places).size).toBe(all.length);
  });

  test('every parameter in a path has a schema, and no other has', () => {
    for (const { id, path, params } of all) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
      expect(Object.keys(params?.shape ?? {}).toSorted(), id).toEqual(named.toSorted());
    }
  });

  test('what reads changes nothing: only POST and DELETE ask for more than to read', () => {
    for (const { id, method, access, body } of all) {
      if (method !== 'get') continue;
      expect(body, id).toBeUndefined();
      expect(['read', 'signed_in', 'anybody', 'admin'], id).toContain(access);
    }
  });

  test('a route that can be exported is a list with pages', () => {
    for (const { id, query, streams } of all) {
      const isPaged = query !== undefined && 'cursor' in query.shape;
      expect(isPaged, id).toBe(streams === 'export');
    }
  });
});
