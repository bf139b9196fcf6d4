import type { Archetype, Client } from '../archetypes/archetype.ts';
import { archetypes } from '../archetypes/index.ts';
import { type AddressPool, type AddressStyle, addressPool } from '../catalogue/address-pool.ts';
import { type AgentName, anyVersion } from '../catalogue/agents.ts';
import { isRead } from '../catalogue/endpoint.ts';
import { endpoints } from '../catalogue/endpoints.ts';
import { providersOf } from '../catalogue/providers.ts';
import type { Random } from '../random/random.ts';
import { drawMix, type EndpointMix, withEndpoint } from './endpoint-mix.ts';

/** A product that customers connect with: its keys call alike, with one agent, sometimes from one place. */
export interface App {
  readonly id: string;
  readonly archetype: Archetype;
  readonly client: Client;
  readonly agent: AgentName;
  readonly agentVersion: number;
  readonly mix: EndpointMix;
  /** Where it runs for all customers; null when each customer runs it. */
  readonly hosting: AddressPool | null;
}

/** How many customers an app has, on average and at most. */
const customersMean = 3;
const customersMax = 9;

/**
 * Apps for a number of lineages, repeated for each customer. Archetypes get their shares as evenly as the number
 * allows, so that a small population has every common one.
 */
export function drawApps(random: Random, lineages: number): App[] {
  const slots: App[] = [];
  const given = new Map<Archetype, number>(archetypes.map((archetype) => [archetype, 0]));
  for (let number = 1; slots.length < lineages; number++) {
    const archetype = mostWanting(given, random);
    const customers = Math.min(random.geometric(customersMean), customersMax, lineages - slots.length);
    given.set(archetype, given.get(archetype)! + customers);
    const app = drawApp(random.fork(`app/${number}`), `app_${archetype.name}-${number}`, archetype);
    for (let i = 0; i < customers; i++) slots.push(app);
  }
  return random.shuffled(slots);
}

function mostWanting(given: ReadonlyMap<Archetype, number>, random: Random): Archetype {
  let best = archetypes[0]!;
  let bestLevel = Number.POSITIVE_INFINITY;
  for (const [archetype, count] of given) {
    const level = (count + random.unit()) / archetype.share;
    if (level < bestLevel) [best, bestLevel] = [archetype, level];
  }
  return best;
}

function drawApp(random: Random, id: string, archetype: Archetype): App {
  const client = random.pick(archetype.clients);
  const agent = random.pick(client.agents);
  const isHosted = client.provider === 'cloud' && random.chance(0.35);
  return {
    id,
    archetype,
    client,
    agent,
    agentVersion: anyVersion(random, agent),
    mix: withRareReads(random, drawMix(random, archetype.uses)),
    hosting: isHosted ? homeOf(random, client, undefined) : null,
  };
}

/** A place for the client to run, near the customer where there is a provider near. */
export function homeOf(random: Random, client: Client, country: string | undefined): AddressPool {
  const near = client.provider === 'cloud' && random.chance(0.4) ? undefined : country;
  const style: AddressStyle = random.pick(client.styles);
  return addressPool(random, random.pick(providersOf(client.provider, near)), style);
}

/** Most clients also call something once in a thousand requests. */
function withRareReads(random: Random, mix: EndpointMix): EndpointMix {
  let out = mix;
  for (let i = random.int(0, 3); i > 0; i--) {
    out = withEndpoint(out, random.pick(endpoints.filter(isRead)), random.logBetween(0.0003, 0.01));
  }
  return out;
}
