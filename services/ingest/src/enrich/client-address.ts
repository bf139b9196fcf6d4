import { isIPv4, isIPv6 } from 'node:net';

/** A client address in the forms that the store and the detector want. */
export interface ClientAddress {
  /** IPv6 text; IPv4 as `::ffff:a.b.c.d`, `::` when unknown. */
  readonly address: string;
  /** What an IP database is asked for; empty when unknown. */
  readonly lookup: string;
  /** The network that stands for one site: /24 or /48; empty when unknown. */
  readonly network: string;
}

export const unknownAddress: ClientAddress = { address: '::', lookup: '', network: '' };

/**
 * Reads an address as gateways write it: IPv4, IPv6, with a port, in brackets, with a zone, or a list of forwarders of
 * which the first is the client.
 * @returns `null` when it is none of these.
 */
export function readClientAddress(text: string): ClientAddress | null {
  const ip = bareAddress(text);
  if (isIPv4(ip)) return fromV4(ip);
  if (!isIPv6(ip)) return null;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  return mapped ? fromV4(mapped) : { address: ip.toLowerCase(), lookup: ip, network: networkV6(ip) };
}

function bareAddress(text: string): string {
  let ip = text.split(',', 1)[0]!.trim();
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(ip)?.[1];
  if (bracketed) ip = bracketed;
  else if (/^\d+\.\d+\.\d+\.\d+:\d+$/.test(ip)) ip = ip.slice(0, ip.indexOf(':'));
  const zone = ip.indexOf('%');
  return zone < 0 ? ip : ip.slice(0, zone);
}

function fromV4(ip: string): ClientAddress {
  return { address: `::ffff:${ip}`, lookup: ip, network: `${ip.slice(0, ip.lastIndexOf('.'))}.0/24` };
}

/** The first three groups; those that `::` stands for are zero. */
function networkV6(ip: string): string {
  const [head = '', tail] = ip.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const rightGroups = right.length + (right.at(-1)?.includes('.') ? 1 : 0);
  const zeros = tail === undefined ? 0 : 8 - left.length - rightGroups;
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right].slice(0, 3);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/48`;
}
