import { RecentValues } from '../recent-values.ts';
import { agentFamily } from './agent-family.ts';
import { readClientAddress, unknownAddress } from './client-address.ts';
import type { IpDatabase } from './ip-database.ts';

/** A client address with what is known about it. */
export interface Origin {
  /** As the store wants it: IPv6 text, `::` when unknown. */
  readonly address: string;
  readonly network: string;
  readonly asn: number;
  readonly country: string;
  /** False when the gateway sent something that is not an address. */
  readonly readable: boolean;
}

/** Adds to an event what its address and its user agent tell. Clients come back, so addresses are remembered. */
export interface Enricher {
  origin(clientIp: string | undefined): Origin;
  agentFamily(userAgent: string): string;
  /** Grows when what was found before may be outdated. */
  readonly edition: number;
}

const noOrigin: Origin = { ...unknownAddress, asn: 0, country: '', readable: true };
const rememberedMax = 50_000;

export function createEnricher(database: IpDatabase): Enricher {
  let origins = new RecentValues<Origin>(rememberedMax);
  let edition = database.edition;

  function findOrigin(clientIp: string): Origin {
    const client = readClientAddress(clientIp);
    if (!client) return { ...noOrigin, readable: false };
    return {
      address: client.address,
      network: client.network,
      ...database.find(client.lookup),
      readable: true,
    };
  }

  return {
    origin(clientIp) {
      if (!clientIp) return noOrigin;
      if (edition !== database.edition) {
        edition = database.edition;
        origins = new RecentValues<Origin>(rememberedMax);
      }
      const known = origins.get(clientIp);
      if (known) return known;
      const origin = findOrigin(clientIp);
      origins.set(clientIp, origin);
      return origin;
    },
    agentFamily,
    get edition() {
      return database.edition;
    },
  };
}
