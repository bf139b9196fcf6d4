/** Route of whatever comes when a service has as many routes as it may have. */
export const overflowRoute = '/{other}';

/** Keeps the number of different routes small, which a scanner or a path that hides ids could make grow for ever. */
export interface RouteLimit {
  /**
   * @param service whose route it is
   * @param refused the request failed: such routes may take only half the room, so that a scanner leaves some
   * @returns the route, or `overflowRoute`
   */
  admit(service: string, route: string, refused: boolean): string;
  /** Whether a route was admitted: then it always will be. */
  knows(service: string, route: string): boolean;
}

/** Services whose routes are counted one by one; those beyond share one count. */
const servicesMax = 1_000;

/**
 * @param routesMax different routes of a service
 * @param onOverflow called for each request whose route was not admitted
 */
export function limitRoutes(routesMax: number, onOverflow: () => void): RouteLimit {
  const services = new Map<string, Set<string>>();

  function routesOf(service: string): Set<string> {
    const known = services.get(service);
    if (known) return known;
    if (services.size >= servicesMax) return routesOf('');
    const routes = new Set<string>();
    services.set(service, routes);
    return routes;
  }
  routesOf('');

  return {
    knows: (service, route) => services.get(service)?.has(route) ?? false,
    admit(service, route, refused) {
      const routes = routesOf(service);
      if (routes.has(route)) return route;
      if (routes.size >= (refused ? routesMax / 2 : routesMax)) {
        onOverflow();
        return overflowRoute;
      }
      routes.add(route);
      return route;
    },
  };
}
