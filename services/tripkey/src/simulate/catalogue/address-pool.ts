import { dayMs, hourMs } from '../calendar/durations.ts';
import { hash32 } from '../random/hash.ts';
import type { Random } from '../random/random.ts';
import type { Provider } from './providers.ts';

/** The addresses that a client calls from: the same pool and time always offer the same ones. */
export interface AddressPool {
  readonly provider: Provider;
  address(random: Random, at: number): string;
}

/** How a client meets the internet. */
export type AddressStyle = 'host' | 'host6' | 'pair' | 'nat' | 'lease' | 'serverless' | 'mobile';

type Build = (random: Random, provider: Provider) => AddressPool['address'];

const styles: Record<AddressStyle, Build> = {
  host: (random, provider) => {
    const address = `${network24(provider, random.bits())}.${random.int(2, 250)}`;
    return () => address;
  },
  host6: (random, provider) => {
    const hex = (bits: number) => (bits & 0xffff).toString(16);
    const address = `${provider.block6}:${hex(random.bits())}:${hex(random.bits())}::${random.int(1, 9)}`;
    return () => address;
  },
  // Two outgoing addresses in two zones, as behind a pair of NAT gateways.
  pair: (random, provider) => {
    const addresses = [1, 2].map(() => `${network24(provider, random.bits())}.${random.int(2, 250)}`);
    return (draw) => draw.pick(addresses);
  },
  nat: (random, provider) => {
    const networks = Array.from({ length: random.int(1, 2) }, () => network24(provider, random.bits()));
    const addresses = Array.from(
      { length: random.int(5, 30) },
      () => `${random.pick(networks)}.${random.int(2, 250)}`,
    );
    return (draw) => draw.pick(addresses);
  },
  // A line whose address changes every few days, mostly inside one /24, always inside one of the provider's blocks.
  lease: (random, provider) => {
    const seed = random.bits();
    const leaseMs = random.logBetween(1, 9) * dayMs;
    const home = network24(provider, seed);
    const strayShare = random.between(0, 0.4);
    return (_draw, at) => {
      const draw = hash32(seed, Math.floor(at / leaseMs));
      const strays = (draw >>> 8) / 0xffffff < strayShare;
      return `${strays ? `${home.slice(0, home.lastIndexOf('.'))}.${(draw >>> 4) & 0xff}` : home}.${2 + (draw % 249)}`;
    };
  },
  // Functions run on machines that come and go: a handful of addresses an hour, hundreds over the weeks.
  serverless: (random, provider) => {
    const seed = random.bits();
    const width = random.logInt(2, 8);
    const population = random.logInt(40, 600);
    return (draw, at) => {
      const machine = hash32(seed, Math.floor(at / hourMs), draw.int(1, width)) % population;
      const bits = hash32(seed, machine, 7);
      return `${network24(provider, bits)}.${2 + (bits % 249)}`;
    };
  },
  // Phones share the carrier's addresses: nearly every call comes from another one.
  mobile: (random, provider) => {
    const seed = random.bits();
    const population = random.logInt(300, 4000);
    return (draw) => {
      const bits = hash32(seed, draw.int(1, population));
      return `${network24(provider, bits)}.${2 + (bits % 249)}`;
    };
  },
};

/** A new place to call from, at a provider; its addresses are drawn once. */
export function addressPool(random: Random, provider: Provider, style: AddressStyle): AddressPool {
  const usable = style === 'host6' && !provider.block6 ? 'host' : style;
  return { provider, address: styles[usable](random, provider) };
}

/** The first three bytes of an address in one of the provider's blocks. */
function network24(provider: Provider, bits: number): string {
  const block = provider.blocks[(bits >>> 16) % provider.blocks.length]!;
  return `${block}.${(bits >>> 8) & 0xff}`;
}
