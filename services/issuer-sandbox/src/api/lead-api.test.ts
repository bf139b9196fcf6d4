import { expect, test } from 'vitest';
import type { Item, Page } from './collection.ts';
import { LeadApi } from './lead-api.ts';

const ask = (
  api: LeadApi,
  method: string,
  path: string,
  body?: unknown,
  query: Record<string, string> = {},
) => api.answer(method, path, query, body);

test('pages hold every lead once, in order', () => {
  const api = new LeadApi();
  const ids: number[] = [];
  let cursor: string | null = '0';
  while (cursor !== null) {
    const page = ask(api, 'GET', '/v1/leads', undefined, { limit: '170', cursor }).body as Page;
    ids.push(...page.items.map((item) => item.id));
    cursor = page.next_cursor;
  }
  expect(ids).toEqual(Array.from({ length: 5_000 }, (_, n) => 1_000 + n));
});

test.each([{ limit: '0' }, { limit: '201' }, { limit: 'all' }, { cursor: '-1' }])(
  'a page that is none is refused: %o',
  (query) => {
    expect(() => ask(new LeadApi(), 'GET', '/v1/leads', undefined, query)).toThrow(
      expect.objectContaining({ status: 400 }),
    );
  },
);

test('what is written can be read, changed and deleted', () => {
  const api = new LeadApi();
  const deal = { lead_id: 1_000, title: 'Roof', amount: 900, stage: 'new' };
  const { status, body } = ask(api, 'POST', '/v1/deals', deal);
  const path = `/v1/deals/${(body as Item).id}`;
  expect(status).toBe(201);
  ask(api, 'PATCH', path, { stage: 'won' });
  expect(ask(api, 'GET', path).body).toEqual({ ...deal, stage: 'won', id: (body as Item).id });
  expect(ask(api, 'DELETE', path)).toEqual({ status: 204 });
  expect(() => ask(api, 'GET', path)).toThrow(expect.objectContaining({ status: 404 }));
});

test.each([undefined, {}, [], { id: 7 }, { lead_id: 1, title: 'x', amount: -1, stage: 'new' }])(
  'a body that is no deal is refused: %j',
  (body) => {
    expect(() => ask(new LeadApi(), 'POST', '/v1/deals', body)).toThrow(
      expect.objectContaining({ status: 422 }),
    );
  },
);

test('a workflow counts how often it was triggered', () => {
  const api = new LeadApi();
  ask(api, 'POST', '/v1/workflows/3/trigger');
  expect(ask(api, 'POST', '/v1/workflows/3/trigger').body).toEqual({ workflow_id: 3, run: 2 });
});

test('an export holds all of its resource', () => {
  const api = new LeadApi();
  const { body } = ask(api, 'POST', '/v1/exports', { resource: 'contacts' });
  expect(body).toMatchObject({ rows: 3_000 });
  expect(ask(api, 'GET', `/v1/exports/${(body as Item).id}/download`).body).toHaveLength(3_000);
});

test('the scope of a route follows from its method and resource', () => {
  const api = new LeadApi();
  expect(api.find('HEAD', '/v1/leads/7')).toMatchObject({ template: '/v1/leads/{id}', scope: 'read:leads' });
  expect(api.find('POST', '/v1/workflows/7/trigger')?.scope).toBe('write:workflows');
  expect(api.find('GET', '/v1/leads/7/more')).toBeUndefined();
});
