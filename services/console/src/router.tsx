import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Link,
  type RouteComponent,
} from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { pages } from './pages.ts';
import { Shell } from './shell/shell.tsx';
import { Empty, Loading } from './ui/card.tsx';
import { ProblemNotice } from './ui/problem-notice.tsx';
import {
  ActionsSearch,
  AuditSearch,
  EndpointsSearch,
  IncidentSearch,
  IncidentsSearch,
  KeySearch,
  KeysSearch,
  LeaksSearch,
  PipelineSearch,
  RulesSearch,
  SqlSearch,
} from './url/page-search.ts';
import { parseSearch, stringifySearch } from './url/search-params.ts';

const around: RouteComponent = Shell;
const rootRoute = createRootRoute({ component: around, notFoundComponent: NotFound });

const routeTree = rootRoute.addChildren([
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/',
    component: pages.overview,
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/incidents',
    validateSearch: IncidentsSearch,
    component: pages.incidents,
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/incidents/$id',
    validateSearch: IncidentSearch,
    component: pages.incident,
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/keys',
    validateSearch: KeysSearch,
    component: pages.keys,
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/keys/$id',
    validateSearch: KeySearch,
    component: pages.key,
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/endpoints',
    validateSearch: EndpointsSearch,
    component: pages.endpoints,
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/rules',
    validateSearch: RulesSearch,
    component: pages.rules,
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/rules/$id',
    component: pages.rule,
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/actions',
    validateSearch: ActionsSearch,
    component: pages.actions,
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/audit',
    validateSearch: AuditSearch,
    component: pages.audit,
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/leaks',
    validateSearch: LeaksSearch,
    component: pages.leaks,
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/pipeline',
    validateSearch: PipelineSearch,
    component: pages.pipeline,
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/sql',
    validateSearch: SqlSearch,
    component: pages.sql,
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/tokens',
    component: pages.tokens,
  }),
]);

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch,
  defaultPendingComponent: () => <Loading />,
  defaultErrorComponent: Broken,
  defaultPreload: 'intent',
  scrollRestoration: false,
  // Another key or incident is another page: a dialog that is open, or a chart that is drawn, belongs to the one before.
  defaultRemountDeps: ({ params }) => params,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

function NotFound(): ReactNode {
  return (
    <Empty title="There is no such page">
      <p>
        The address may be old or mistyped.{' '}
        <Link to="/" className="link">
          Go to the overview
        </Link>
      </p>
    </Empty>
  );
}

/** A page that broke says so and leaves the rest of the console usable. */
function Broken({ error, reset }: ErrorComponentProps): ReactNode {
  return <ProblemNotice error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />;
}
