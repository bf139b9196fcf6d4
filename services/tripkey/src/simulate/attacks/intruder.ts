import { type AddressPool, addressPool } from '../catalogue/address-pool.ts';
import { intruderAgents, userAgent } from '../catalogue/agents.ts';
import type { Endpoint } from '../catalogue/endpoint.ts';
import { providers, providersOf } from '../catalogue/providers.ts';
import type { Call } from '../keys/call.ts';
import { callTo, type Unusual } from '../keys/call.ts';
import type { SimulatedKey } from '../keys/simulated-key.ts';
import type { Random } from '../random/random.ts';
import type { Scene } from './attack.ts';

/** Who makes the attack's calls, as the gateway sees them. */
export interface Intruder {
  readonly home: AddressPool;
  readonly agent: string;
}

/** How often intruders have the owner's user agent from the same leak as the key. */
const copiedAgentShare = 0.4;

/** Somebody elsewhere: a rented server, a VPN, a home far away, now and then the owner's own cloud. */
export function stranger({ random, victim, at }: Scene, agentCopied = copiedAgentShare): Intruder {
  const owner = victim.homes.at(at).provider;
  const provider = random.chance(0.2) && owner.kind === 'cloud' ? owner : random.pick(providersOf('hideout'));
  const style = random.chance(0.75) ? 'host' : 'pair';
  const agent = random.chance(agentCopied)
    ? victim.agents.at(at)
    : userAgent(random.pick(intruderAgents), random.int(0, 2));
  return { home: addressPool(random, provider, style), agent };
}

/** Somebody on the owner's machines, or with everything copied from them. */
export function insider({ victim, at }: Scene): Intruder {
  return { home: victim.homes.at(at), agent: victim.agents.at(at) };
}

/** @param insiderShare how often it is somebody on the owner's machines */
export function anyIntruder(scene: Scene, insiderShare: number): Intruder {
  return scene.random.chance(insiderShare) ? insider(scene) : stranger(scene);
}

/** An address somewhere on earth, as residential proxies rent them out. */
export function anyAddress(random: Random, at: number): string {
  return addressPool(random, random.pick(providers), 'host').address(random, at);
}

/** One call of the attack on the scene's victim. */
export function intrude(
  { random, victim }: Scene,
  { home, agent }: Intruder,
  at: number,
  endpoint: Endpoint,
  unusual: Unusual = {},
): Call {
  return intrudeOn(victim, random, { home, agent }, at, endpoint, unusual);
}

/** The same on any key. */
export function intrudeOn(
  key: SimulatedKey,
  random: Random,
  { home, agent }: Intruder,
  at: number,
  endpoint: Endpoint,
  unusual: Unusual = {},
): Call {
  return callTo(random, key, at, endpoint, { ip: home.address(random, at), agent, ...unusual });
}
