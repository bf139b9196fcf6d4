import ipaddr from 'ipaddr.js';

/** Says of a numeric address, IPv4 or IPv6, whether a connection to it may be made. */
export type MayConnect = (address: string) => boolean;

/** Azure's platform address: public by its number, and answers only inside, with the metadata of the machine. */
const insideByUse = [ipaddr.parseCIDR('168.63.129.16/32')];

/**
 * Which addresses may be connected to: public ones, and those of `allowedNetworks`. Everything else is refused:
 * loopback, private and link-local networks with the clouds' metadata services, shared address space, multicast, and
 * what only translates to another address (IANA special-purpose registries, RFC 6890). An IPv4 address that is written
 * as IPv6 is judged as IPv4.
 * @param allowedNetworks addresses or networks such as `10.20.0.0/16`
 * @throws {RangeError} when one of them is neither
 */
export function mayConnect(allowedNetworks: readonly string[]): MayConnect {
  const allowed = allowedNetworks.map(parseNetwork);
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    if (isIn(address, allowed)) return true;
    return address.range() === 'unicast' && !isIn(address, insideByUse);
  };
}

type Network = ReturnType<typeof ipaddr.parseCIDR>;

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, networks: readonly Network[]): boolean {
  return networks.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits));
}

function parseNetwork(text: string): Network {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch {
    throw new RangeError(`${JSON.stringify(text)} is no address and no network such as 10.20.0.0/16`);
  }
}
