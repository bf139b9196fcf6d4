import { weeklyShape } from '../calendar/weekly-shape.ts';
import { ZoneClock } from '../calendar/zone-clock.ts';
import { zones } from '../calendar/zones.ts';
import { userAgent } from '../catalogue/agents.ts';
import { endpoints } from '../catalogue/endpoints.ts';
import type { SimulationPlan } from '../options.ts';
import type { Random } from '../random/random.ts';
import type { Swell } from '../world.ts';
import { type App, drawApps, homeOf } from './app.ts';
import { type EndpointMix, mixOf } from './endpoint-mix.ts';
import { drawLineages, type Lineage } from './fates.ts';
import type { SimulatedKey } from './simulated-key.ts';
import { Tempo } from './tempo.ts';
import { Timeline } from './timeline.ts';

/** A customer of the lead business. */
interface Account {
  readonly id: string;
  readonly clock: ZoneClock;
  readonly size: number;
}

/** Keys a customer has, on average. */
const keysPerAccount = 3;

/** No key is busier than so many average ones. */
const busiestFactor = 15;

/** Requests a minute that a plan allows; a key gets the smallest that its traffic fits into. */
const rateLimits = [300, 600, 1200, 3000, 6000, 12_000, 60_000, 600_000];

export interface PopulationParts {
  readonly plan: SimulationPlan;
  readonly random: Random;
  readonly swells: readonly Swell[];
  readonly gateways: number;
}

/** The keys of the simulated business, without anything happening to them yet. */
export function drawPopulation({ plan, random, swells, gateways }: PopulationParts): Population {
  const lineages = drawLineages(plan, random.fork('lineages'));
  const apps = drawApps(random.fork('apps'), lineages.length);
  const accounts = drawAccounts(random.fork('accounts'), Math.ceil(plan.keys / keysPerAccount));
  const keys: SimulatedKey[] = [];
  const appOf = new Map<SimulatedKey, App>();
  for (const [i, lineage] of lineages.entries()) {
    const own = random.fork(`lineage/${i}`);
    const parts = {
      plan,
      random: own,
      swells,
      gateways,
      app: apps[i]!,
      account: own.pick(accounts),
      lineage,
    };
    for (const key of drawKeys(parts, keys.length)) {
      keys.push(key);
      appOf.set(key, apps[i]!);
    }
  }
  scaleTo(plan, keys);
  return { keys, appOf };
}

export interface Population {
  readonly keys: SimulatedKey[];
  readonly appOf: ReadonlyMap<SimulatedKey, App>;
}

interface LineageParts extends PopulationParts {
  readonly app: App;
  readonly account: Account;
  readonly lineage: Lineage;
}

function drawKeys(parts: LineageParts, firstIndex: number): SimulatedKey[] {
  const { plan, random, swells, gateways, app, account, lineage } = parts;
  const { archetype } = app;
  const mix = ownMix(random, app.mix);
  const scopes = drawScopes(random, mix);
  const home = app.hosting ?? homeOf(random, app.client, account.clock.zone.country);
  const shape = weeklyShape(archetype.rhythm, random);
  const size = archetype.scales ? account.size : 1;
  const requestsPerDay =
    random.lognormal(archetype.requestsPerDay.median, archetype.requestsPerDay.sigma) * size;
  const ids = lineage.map((_, i) => keyId(random, firstIndex + i));
  const shared = {
    lineageId: ids[0]!,
    accountId: account.id,
    appId: app.id,
    name: `${archetype.name} of ${account.id.replace('acct_', '')}`,
    archetype,
    country: account.clock.zone.country,
    requestsPerDay,
    rateLimit: 0,
    gateway: random.int(0, gateways - 1),
    sizeFactor: random.lognormal(1, 0.5),
    latencyFactor: random.lognormal(1, 0.3),
    badShare: random.logBetween(0.0005, 0.03),
    missShare: random.logBetween(0.0003, 0.02),
    retries: random.chance(0.6),
    objectBase: random.int(1, 900) * 1000,
    objectsTouched: random.logBetween(50, 8000),
  };
  const tempo = new Tempo({
    seed: `${plan.seed}/tempo/${ids[0]}`,
    clock: account.clock,
    shape,
    closedShare: archetype.closedShare,
    growth: 0.002 + 0.006 * random.normal(),
    dayNoise: archetype.dayNoise,
    closures: archetype.closedShare < 1 ? random.between(0, 0.03) : 0,
    swells,
    swellShare: archetype.swellShare,
    start: plan.from,
  });
  return lineage.map(({ fate, life }, i) => ({
    ...shared,
    id: ids[i]!,
    index: firstIndex + i,
    fate,
    life,
    tempo,
    scopes: new Set(scopes),
    mixes: new Timeline(mix),
    agents: new Timeline(userAgent(app.agent, app.agentVersion)),
    homes: new Timeline(home),
    silences: [],
  }));
}

function drawAccounts(random: Random, count: number): Account[] {
  const weights: number[] = [];
  for (const zone of zones) weights.push((weights.at(-1) ?? 0) + zone.weight);
  const clocks = zones.map((zone) => new ZoneClock(zone));
  return Array.from({ length: count }, (_, i) => ({
    id: `acct_${1001 + i}`,
    clock: clocks[random.weightedIndex(weights)]!,
    size: random.lognormal(1, 0.5),
  }));
}

/** A customer uses most of what an app can do, in a ratio of their own. */
function ownMix(random: Random, mix: EndpointMix): EndpointMix {
  const kept = mix.endpoints.map((_, i) => i).filter((i) => i === 0 || random.chance(0.88));
  return mixOf(
    kept.map((i) => mix.endpoints[i]!),
    kept.map((i) => random.lognormal(mix.weights[i]!, 0.3)),
  );
}

/** What the mix needs, and what people grant because they may need it some day. */
function drawScopes(random: Random, mix: EndpointMix): string[] {
  const all = [...new Set(endpoints.map((endpoint) => endpoint.scope!))];
  const needed = mix.endpoints.map((endpoint) => endpoint.scope!);
  const unusedWrites = needed
    .filter(() => random.chance(0.15))
    .map((scope) => scope.replace('read:', 'write:'))
    .filter((scope) => all.includes(scope));
  const extra = random.shuffled(all).slice(0, random.chance(0.6) ? random.int(1, 4) : 0);
  return [...needed, ...unusedWrites, ...extra];
}

/** Makes the keys' average what was asked for, and gives each the rate limit that fits it. */
function scaleTo(plan: SimulationPlan, keys: readonly SimulatedKey[]): void {
  const { eventsPerKeyDay } = plan;
  let fixed = 0;
  let scaled = 0;
  for (const key of keys) {
    if (key.archetype.scales) scaled += key.requestsPerDay * usedShare(plan, key);
    else fixed += key.requestsPerDay;
  }
  const factor = scaled === 0 ? 1 : Math.max(0.01, (eventsPerKeyDay * keys.length - fixed) / scaled);
  for (const key of keys) {
    if (key.archetype.scales) {
      key.requestsPerDay = Math.min(key.requestsPerDay * factor, busiestFactor * eventsPerKeyDay);
    }
    key.rateLimit = rateLimits.find((limit) => limit >= key.requestsPerDay / 4) ?? rateLimits.at(-1)!;
  }
}

/** Share of the simulated time in which the owner uses the key. */
function usedShare({ from, to }: SimulationPlan, { life }: SimulatedKey): number {
  return Math.max(0, Math.min(to, life.usedTo) - Math.max(from, life.usedFrom)) / (to - from);
}

function keyId(random: Random, index: number): string {
  return `key_${(index + 46_656).toString(36)}${random.bits().toString(36).padStart(7, '0')}`;
}
