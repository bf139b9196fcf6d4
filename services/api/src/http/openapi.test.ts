import { type Route, routes } from '@tripkey/contract/api';
import { expect, test } from 'vitest';
import { apiPage } from './api-page.ts';
import { openApi } from './openapi.ts';

interface Operation {
  operationId: string;
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: object;
  security: object[];
  responses: Record<string, object>;
}
const document = openApi('https://tripkey.example') as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
};

test('the OpenAPI document has every route with its parameters, body, access and answer', () => {
  expect(document.openapi).toBe('3.1.0');
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(operations).toHaveLength(routes.length);
  for (const route of routes as readonly Route[]) {
    const operation = document.paths[route.path]![route.method]!;
    const named = (place: string) =>
      operation.parameters.filter((one) => one.in === place).map(({ name }) => name);
    expect(operation.operationId).toBe(route.id);
    expect(named('path')).toEqual(Object.keys(route.params?.shape ?? {}));
    expect(named('query')).toEqual(Object.keys(route.query?.shape ?? {}));
    expect(named('header').includes('Idempotency-Key')).toBe(route.idempotent === true);
    expect(operation.requestBody !== undefined).toBe(route.body !== undefined);
    expect(operation.security.length === 0).toBe(route.access === 'anybody');
    expect(Object.keys(operation.responses)).toEqual([String(route.status ?? 200), 'default']);
  }
});

test('the page for people names every route and has no script', () => {
  const page = apiPage();
  for (const { id, path } of routes) {
    expect(page).toContain(`id="${id}"`);
    expect(page).toContain(path);
  }
  expect(page).not.toMatch(/<script|style=|onload/i);
});
