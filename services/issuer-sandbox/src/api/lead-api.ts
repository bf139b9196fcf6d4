import { Problem } from '../http/problem.ts';
import { leadRoutes } from './lead-routes.ts';
import type { Answer, ApiRoute } from './route.ts';
import { type SampleData, sampleData } from './sample-data.ts';

/** The API behind the gateway: routes over data in memory. It knows nothing of keys. */
export class LeadApi {
  readonly #routes: readonly { route: ApiRoute; pattern: RegExp }[];

  constructor(data: SampleData = sampleData()) {
    this.#routes = leadRoutes(data).map((route) => ({
      route,
      pattern: new RegExp(`^${route.template.replace('{id}', '([^/]+)')}/?$`),
    }));
  }

  /** The route that a request asks for; HEAD asks for what GET does. */
  find(method: string, path: string): ApiRoute | undefined {
    const asked = method === 'HEAD' ? 'GET' : method;
    return this.#routes.find(({ route, pattern }) => route.method === asked && pattern.test(path))?.route;
  }

  /** @throws {Problem} for everything that is not found or not right */
  answer(method: string, path: string, query: Readonly<Record<string, unknown>>, body: unknown): Answer {
    const route = this.find(method, path);
    if (!route) throw this.#noRoute(path);
    const id = this.#routes.find((known) => known.route === route)?.pattern.exec(path)?.[1] ?? '';
    return route.answer({ id, query, body });
  }

  #noRoute(path: string): Problem {
    const methods = this.#routes.filter(({ pattern }) => pattern.test(path)).map(({ route }) => route.method);
    if (methods.length === 0) return new Problem(404, 'not_found', 'this API has no such resource');
    return new Problem(405, 'method_not_allowed', `here are ${methods.join(', ')}`, {
      Allow: methods.join(', '),
    });
  }
}
