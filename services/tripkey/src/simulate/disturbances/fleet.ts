import { dayMs, hourMs, minuteMs } from '../calendar/durations.ts';
import { endpoints } from '../catalogue/endpoints.ts';
import { benign, type Disturbance, occasions, someMoment } from './disturbance.ts';

/** A day on which everybody gets more leads than usual: a sale, a fair, the news. */
export const swells: Disturbance = ({ world, random }) =>
  Array.from({ length: occasions(random, world, 8 * dayMs) }, () => {
    const from = someMoment(random, world);
    const to = from + random.between(3, 10) * hourMs;
    const factor = random.between(1.6, 3.2);
    world.swells.push({ from, to, factor });
    return benign('fleet-rise', from, to, { detail: `${factor.toFixed(1)} times the usual` });
  });

/** A gateway cannot deliver events for a while; they arrive late, all at once, with the time they happened at. */
export const outages: Disturbance = ({ world, random }) =>
  Array.from({ length: occasions(random, world, 10 * dayMs) }, () => {
    const from = someMoment(random, world);
    const to = from + random.logBetween(8, 50) * minuteMs;
    const caughtUpAt = to + random.between(2, 9) * minuteMs;
    const gateway = random.int(0, world.gateways.length - 1);
    world.outages.push({ from, to, caughtUpAt, gateway });
    return benign('gateway-outage', from, caughtUpAt, { detail: `${world.gateways[gateway]} delivers late` });
  });

/** Part of the API fails for everybody. */
export const troubles: Disturbance = ({ world, random }) =>
  Array.from({ length: occasions(random, world, 6 * dayMs) }, () => {
    const from = someMoment(random, world);
    const to = from + random.logBetween(3, 30) * minuteMs;
    const resource = random.chance(0.25) ? null : random.pick(endpoints).resource;
    world.troubles.push({ from, to, resource, share: random.between(0.15, 0.9) });
    return benign('error-burst', from, to, { detail: resource ?? 'every resource' });
  });
