import { expect, test } from 'vitest';
import { FleetErrors } from './fleet-errors.ts';
import { noTraffic } from './traffic.ts';

const windowMs = 15 * 60_000;
const traffic = (requests: number, serverErrors: number) => ({ ...noTraffic(), requests, serverErrors });

test('the share is that of others, of the last half hour', () => {
  const errors = new FleetErrors();
  errors.take(traffic(1_000, 400), windowMs);
  errors.take(traffic(100, 90), windowMs);
  expect(errors.shareWithout(traffic(100, 90))).toBeCloseTo(0.4, 1);
  errors.take(traffic(1_000, 0), 2 * windowMs);
  expect(errors.shareWithout(noTraffic())).toBeCloseTo(490 / 2_120, 5);
  errors.take(traffic(1_000, 0), 4 * windowMs);
  expect(errors.shareWithout(noTraffic())).toBe(0);
  const saved = new FleetErrors();
  saved.restore(JSON.parse(JSON.stringify(errors)));
  expect(saved).toEqual(errors);
});
