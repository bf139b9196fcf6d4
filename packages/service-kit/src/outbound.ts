import { lookup as resolveName } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, fetch as undiciFetch } from 'undici';
import * as z from 'zod';
import { textList } from './config.ts';
import { mayConnect } from './outbound-addresses.ts';

/** A connection was asked for to an address that is not public and not allowed. Names the host, never the whole URL. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
  readonly code = 'outbound.address_refused';

  constructor(host: string) {
    super(`${host} is at an address that outbound.allowedNetworks does not allow`);
  }
}

export const OutboundConfig = z
  .object({
    allowedNetworks: textList()
      .default([])
      .describe('networks that are not public and may be called all the same, such as 10.20.0.0/16'),
  })
  .prefault({})
  .superRefine(({ allowedNetworks }, context) => {
    try {
      mayConnect(allowedNetworks);
    } catch (error) {
      context.addIssue({ code: 'custom', path: ['allowedNetworks'], message: (error as Error).message });
    }
  });
export type OutboundConfig = z.infer<typeof OutboundConfig>;

/** How calls to addresses that come from a configuration are made, so that none can be turned against the inside. */
export interface Outbound {
  /**
   * Fetches without following redirects, and only from allowed addresses: the one that is checked is the one that is
   * connected to. Rejects as `fetch` does; `cause` is an {@link AddressRefusedError} then.
   */
  readonly fetch: typeof fetch;
  /** The same check for sockets of other clients: resolves a name, and fails when one of its addresses is refused. */
  readonly lookup: LookupFunction;
  /** @throws {AddressRefusedError} when the URL names its host by an address that is refused: nobody looks those up. */
  check(url: string | URL): void;
}

/**
 * @param resolve how names become addresses; the system's way by default
 * @throws {RangeError} when an allowed network is none
 */
export function createOutbound(
  { allowedNetworks }: OutboundConfig,
  resolve: typeof resolveName = resolveName,
): Outbound {
  const allows = mayConnect(allowedNetworks);

  // Answers with what it checked, so that a name cannot have another address a moment later. One bad address is enough
  // to refuse: a client may try any of them.
  const lookup: LookupFunction = (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => allows(address))) {
        return callback(new AddressRefusedError(host), '', 0);
      }
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

  function check(url: string | URL): void {
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) && !allows(host)) throw new AddressRefusedError(host);
  }

  const dispatcher = new Agent({ connect: { lookup } });
  const guarded = async (input: string | URL | Request, init?: RequestInit) => {
    if (input instanceof Request) throw new TypeError('give the URL and its options apart');
    try {
      check(input);
    } catch (cause) {
      throw new TypeError('fetch failed', { cause });
    }
    return undiciFetch(input, { ...(init as object), redirect: 'manual', dispatcher });
  };
  // undici's own fetch and Node's are the same code; their types are two.
  return { lookup, check, fetch: guarded as unknown as typeof fetch };
}
