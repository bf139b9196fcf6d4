import { dayMs, hourMs } from '../calendar/durations.ts';
import { userAgent } from '../catalogue/agents.ts';
import { endpoints } from '../catalogue/endpoints.ts';
import { withEndpoint } from '../keys/endpoint-mix.ts';
import type { SimulatedKey } from '../keys/simulated-key.ts';
import type { Random } from '../random/random.ts';
import { benign, type Disturbance, keysByApp, occasions, someMoment } from './disturbance.ts';

/** A new version of an app calls something its keys never called: for all customers, within hours or a day. */
export const releases: Disturbance = ({ world, random }) => {
  const apps = [...keysByApp(world)].filter(([, keys]) => keys.length >= 2);
  if (apps.length === 0) return [];
  return Array.from({ length: occasions(random, world, 9 * dayMs) }, () => {
    const [appId, keys] = random.pick(apps);
    const at = someMoment(random, world);
    const rolloutMs = random.logBetween(0.5, 30) * hourMs;
    const endpoint = random.pick(endpoints.filter((one) => !keys[0]!.mixes.at(at).endpoints.includes(one)));
    const share = random.logBetween(0.02, 0.2);
    for (const key of keys) {
      key.scopes.add(endpoint.scope!);
      key.mixes.change(at + random.unit() * rolloutMs, (mix) => withEndpoint(mix, endpoint, share));
    }
    const detail = `${endpoint.method} ${endpoint.route}`;
    return benign('release', at, at + rolloutMs, { app_id: appId, detail });
  });
};

/** The client library of an app gets a new version; customers follow over a day or two. */
export const agentUpgrades: Disturbance = ({ world, random, appOf }) => {
  const apps = [...keysByApp(world)];
  return Array.from({ length: occasions(random, world, 5 * dayMs) }, () => {
    const [appId, keys] = random.pick(apps);
    const app = appOf.get(keys[0]!)!;
    const at = someMoment(random, world);
    const rolloutMs = random.logBetween(2, 48) * hourMs;
    const upgraded = userAgent(app.agent, app.agentVersion + 1);
    for (const key of keys) key.agents.change(at + random.unit() * rolloutMs, () => upgraded);
    return benign('agent-upgrade', at, at + rolloutMs, { app_id: appId, detail: upgraded });
  });
};

/** How long one customer leaves an integration as it is, on average. */
const integrationChangeEveryMs = 120 * dayMs;

/** How often such a change stays with the resources that the client knows. */
const nearShare = 0.7;

/** Single customers extend what they built: one or two endpoints more, at a time of their own. */
export const integrationChanges: Disturbance = ({ world, random }) =>
  perKey(world.keys, random, (world.span.to - world.span.from) / integrationChangeEveryMs, (key) => {
    const at = someMoment(random, world);
    const known = new Set(key.mixes.at(at).endpoints.map(({ resource }) => resource));
    const near = endpoints.filter(({ resource }) => known.has(resource));
    const added = random.shuffled(random.chance(nearShare) ? near : endpoints).slice(0, random.int(1, 2));
    for (const endpoint of added) {
      key.scopes.add(endpoint.scope!);
      key.mixes.change(at, (mix) => withEndpoint(mix, endpoint, random.logBetween(0.01, 0.15)));
    }
    const detail = added.map(({ method, route }) => `${method} ${route}`).join(', ');
    return benign('integration-change', at, at + dayMs, { key_id: key.id, detail });
  });

/** Each key in its owner's use, with a probability. */
export function perKey<T>(
  keys: readonly SimulatedKey[],
  random: Random,
  probability: number,
  happen: (key: SimulatedKey) => T,
): T[] {
  const inUse = keys.filter((key) => key.fate === 'steady' || key.fate === 'new');
  return inUse.filter(() => random.chance(probability)).map(happen);
}
