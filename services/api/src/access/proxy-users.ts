import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { Role } from '@tripkey/contract/api';
import type { ApiSettings } from '../config.ts';

/** Whether an address is one of a list of addresses and networks. @throws {RangeError} when an entry is neither. */
export function addressList(entries: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const most = family === 'ipv6' ? 128 : 32;
    const length = bits === undefined ? most : Number(bits);
    if (isIP(address) === 0 || !Number.isInteger(length) || length < 0 || length > most)
      throw new RangeError(`${entry}: no address and no network such as 10.0.0.0/8`);
    list.addSubnet(address, length, family);
  }
  return (address) => {
    const plain = address?.replace(/^::ffff:(?=\d+\.)/, '') ?? '';
    const family = isIP(plain);
    return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  };
}

/** Somebody that a proxy in front of us, or an identity provider, has told us about. */
export interface ToldPerson {
  readonly id: string;
  readonly name: string;
  readonly groups: readonly string[];
}

/** Reads who a trusted proxy says it is; null when the peer is not trusted or says nobody. */
export function readProxyUser(
  request: IncomingMessage,
  settings: NonNullable<ApiSettings['proxyUsers']>,
  isTrusted: (address: string | undefined) => boolean,
): ToldPerson | null {
  if (!isTrusted(request.socket.remoteAddress)) return null;
  const header = (name: string) => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(',') : value;
  };
  const id = header(settings.userHeader)?.trim();
  if (!id || id.length > 120) return null;
  return {
    id,
    name: header(settings.nameHeader)?.trim().slice(0, 128) || id,
    groups: (header(settings.groupsHeader) ?? '')
      .split(',')
      .map((group) => group.trim())
      .filter((group) => group !== ''),
  };
}

const rank: readonly Role[] = ['viewer', 'analyst', 'responder', 'admin'];

/** The highest role that a person's groups give; null when they have none here. */
export function roleOf(
  groups: readonly string[],
  { groups: byRole, defaultRole }: Pick<ApiSettings, 'groups' | 'defaultRole'>,
): Role | null {
  const had = rank.filter((role) => byRole[role]?.some((group) => groups.includes(group)));
  return had.at(-1) ?? defaultRole ?? null;
}
