import { expect, test } from 'vitest';
import { limitRoutes, overflowRoute } from './limit-routes.ts';

function limited(routesMax: number) {
  let overflows = 0;
  const routes = limitRoutes(routesMax, () => overflows++);
  return { routes, overflows: () => overflows };
}

test('a service has so many routes and no more; what goes beyond is put together and counted', () => {
  const { routes, overflows } = limited(2);
  const admitted = ['/a', '/b', '/c', '/a'].map((route) => routes.admit('leads', route, false));
  expect(admitted).toEqual(['/a', '/b', overflowRoute, '/a']);
  expect(overflows()).toBe(1);
});

test('services do not take room from each other', () => {
  const { routes } = limited(1);
  routes.admit('leads', '/a', false);
  expect(routes.admit('mails', '/b', false)).toBe('/b');
});

test('refused requests leave half the room to routes that exist', () => {
  const { routes } = limited(4);
  const scan = ['/x', '/y', '/z'].map((route) => routes.admit('leads', route, true));
  expect(scan).toEqual(['/x', '/y', overflowRoute]);
  expect(routes.admit('leads', '/a', false)).toBe('/a');
});

test('any number of made-up services needs bounded memory', () => {
  const { routes, overflows } = limited(1);
  for (let i = 0; i < 5_000; i++) routes.admit(`service ${i}`, `/${i}`, false);
  expect(overflows()).toBe(4_000);
});
