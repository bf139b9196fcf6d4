import type { Endpoint, IdForm } from './endpoint.ts';

interface Resource {
  readonly name: string;
  readonly objects: number;
  readonly id?: IdForm;
  /** Median size of one object, bytes. */
  readonly size: number;
  /** What can be done besides list and read: create, change, delete, or an action `METHOD /suffix`. */
  readonly more?: readonly string[];
}

/** The API of a lead business. Order of `objects`: how many one customer has. */
const resources: readonly Resource[] = [
  {
    name: 'leads',
    objects: 40_000,
    size: 900,
    more: ['create', 'change', 'delete', 'POST /{id}/assign', 'GET /{id}/activities'],
  },
  { name: 'contacts', objects: 25_000, size: 700, more: ['create', 'change', 'delete', 'POST /merge'] },
  { name: 'companies', objects: 4000, size: 1100, more: ['create', 'change'] },
  { name: 'deals', objects: 6000, size: 1300, more: ['create', 'change', 'delete', 'POST /{id}/stage'] },
  { name: 'quotes', objects: 3000, size: 2200, more: ['create', 'POST /{id}/send'] },
  {
    name: 'forms',
    objects: 12,
    size: 2600,
    more: ['create', 'change', 'delete', 'POST /{id}/submissions', 'GET /{id}/submissions'],
  },
  {
    name: 'campaigns',
    objects: 60,
    size: 1800,
    more: ['create', 'change', 'POST /{id}/recipients', 'GET /{id}/stats'],
  },
  { name: 'segments', objects: 40, size: 800, more: ['create', 'GET /{id}/members'] },
  { name: 'workflows', objects: 25, size: 3000, more: ['change', 'POST /{id}/trigger', 'GET /{id}/runs'] },
  { name: 'exports', objects: 400, id: 'uuid', size: 500, more: ['create', 'GET /{id}/download'] },
  {
    name: 'webhooks',
    objects: 8,
    size: 600,
    more: ['create', 'change', 'delete', 'POST /{id}/deliveries', 'GET /{id}/deliveries'],
  },
  { name: 'tasks', objects: 9000, size: 450, more: ['create', 'change', 'delete'] },
  { name: 'notes', objects: 20_000, size: 600, more: ['create', 'delete'] },
  { name: 'files', objects: 5000, id: 'uuid', size: 90_000, more: ['create', 'delete'] },
  { name: 'reports', objects: 30, size: 14_000, more: ['POST /{id}/run'] },
  { name: 'invoices', objects: 2000, size: 2400, more: ['create', 'POST /{id}/send'] },
  { name: 'users', objects: 80, size: 650, more: ['create', 'change', 'delete'] },
  { name: 'roles', objects: 10, size: 900, more: ['change'] },
  { name: 'api-keys', objects: 20, size: 400, more: ['create', 'delete'] },
  { name: 'audit-log', objects: 50_000, size: 500 },
  { name: 'billing', objects: 30, size: 1500, more: ['change'] },
];

const standard: Record<string, readonly [method: string, suffix: string]> = {
  create: ['POST', ''],
  change: ['PATCH', '/{id}'],
  delete: ['DELETE', '/{id}'],
};

/** Objects on a page of a list, about. */
const pageObjects = 25;

export const endpoints: readonly Endpoint[] = [
  { ...endpointOf({ name: 'me', objects: 1, size: 420 }, 'GET', ''), bytesOut: 420, latencyMs: 12 },
  { ...endpointOf({ name: 'search', objects: 1, size: 900 }, 'GET', ''), latencyMs: 140 },
  ...resources.flatMap((resource) => [
    endpointOf(resource, 'GET', ''),
    endpointOf(resource, 'GET', '/{id}'),
    ...(resource.more ?? []).map((entry) => {
      const [method, suffix] = standard[entry] ?? (entry.split(' ') as [string, string]);
      return endpointOf(resource, method, suffix);
    }),
  ]),
];

/** Reading or changing these tells an intruder, or gives an intruder, the most. */
export const sensitiveResources: ReadonlySet<string> = new Set([
  'users',
  'roles',
  'api-keys',
  'audit-log',
  'billing',
  'exports',
  'webhooks',
]);

const byName = new Map(endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.route}`, endpoint]));

/**
 * @param name such as `GET /v1/leads/{id}`
 * @throws {RangeError} when the API has no such endpoint.
 */
export function endpointNamed(name: string): Endpoint {
  const found = byName.get(name);
  if (!found) throw new RangeError(`the simulated API has no ${name}`);
  return found;
}

function endpointOf(resource: Resource, method: string, suffix: string): Endpoint {
  const route = `/v1/${resource.name}${suffix}`;
  const [before = route, after = ''] = route.split('{id}');
  const id = suffix.includes('{id}') ? (resource.id ?? 'integer') : null;
  const listing = method === 'GET' && !suffix.endsWith('{id}');
  const reads = method === 'GET';
  return {
    method,
    route,
    before,
    after,
    id,
    objects: resource.objects,
    resource: resource.name,
    scope: `${reads ? 'read' : 'write'}:${resource.name}`,
    status: method === 'POST' && suffix === '' ? 201 : method === 'DELETE' ? 204 : 200,
    bytesIn: reads ? 210 : method === 'DELETE' ? 230 : 240 + 0.6 * Math.min(resource.size, 4000),
    bytesOut: suffix.endsWith('/download')
      ? 1_500_000
      : listing
        ? 300 + Math.min(resource.objects, pageObjects) * Math.min(resource.size, 3000)
        : reads
          ? resource.size
          : method === 'DELETE'
            ? 90
            : 350,
    latencyMs: listing ? 75 : reads ? 28 : 60,
  };
}
