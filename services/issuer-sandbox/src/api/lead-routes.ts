import * as z from 'zod';
import { Problem } from '../http/problem.ts';
import type { Collection } from './collection.ts';
import { type ApiRoute, scopeOf } from './route.ts';
import type { SampleData } from './sample-data.ts';

const text = z.string().min(1).max(500);
const amount = z.number().nonnegative();

/** What may be written, by resource. */
const writable = {
  leads: z.strictObject({ name: text, email: text, company: text, source: text, status: text }),
  contacts: z.strictObject({ name: text, email: text, phone: text }),
  deals: z.strictObject({ lead_id: z.int(), title: text, amount, stage: text }),
  campaigns: z.strictObject({ name: text, audience: amount, status: text }),
} as const;

/** Everything that the sample API can be asked. */
export function leadRoutes(data: SampleData): ApiRoute[] {
  return [
    ...crud('leads', data.leads),
    ...crud('contacts', data.contacts),
    ...crud('deals', data.deals),
    ...crud('campaigns', data.campaigns),
    ...readable('workflows', data.workflows),
    route('POST', 'workflows', '/{id}/trigger', ({ id }) => {
      const runs = Number(data.workflows.get(id).runs) + 1;
      data.workflows.change(id, { runs });
      return { status: 202, body: { workflow_id: Number(id), run: runs } };
    }),
    ...readable('exports', data.exports),
    route('POST', 'exports', '', ({ body }) => {
      const { resource } = parse(z.strictObject({ resource: z.enum(['leads', 'contacts', 'deals']) }), body);
      const made = data.exports.add({ resource, rows: data[resource].size, status: 'finished' });
      return { status: 201, body: made };
    }),
    route('GET', 'exports', '/{id}/download', ({ id }) => {
      const { resource } = data.exports.get(id);
      return { status: 200, body: [...data[resource as keyof SampleData].all()] };
    }),
  ];
}

function readable(resource: string, items: Collection): ApiRoute[] {
  return [
    route('GET', resource, '', ({ query }) => ({ status: 200, body: items.page(query) })),
    route('GET', resource, '/{id}', ({ id }) => ({ status: 200, body: items.get(id) })),
  ];
}

function crud(resource: keyof typeof writable, items: Collection): ApiRoute[] {
  const schema = writable[resource];
  return [
    ...readable(resource, items),
    route('POST', resource, '', ({ body }) => ({ status: 201, body: items.add(parse(schema, body)) })),
    route('PATCH', resource, '/{id}', ({ id, body }) => ({
      status: 200,
      body: items.change(id, parse(schema.partial(), body)),
    })),
    route('DELETE', resource, '/{id}', ({ id }) => {
      items.delete(id);
      return { status: 204 };
    }),
  ];
}

function route(method: string, resource: string, suffix: string, answer: ApiRoute['answer']): ApiRoute {
  return { method, template: `/v1/${resource}${suffix}`, scope: scopeOf(method, resource), answer };
}

function parse<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new Problem(422, 'invalid_request', faults.join('; '));
}
