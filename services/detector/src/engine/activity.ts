import type { Traffic } from '@tripkey/rules';

/** What one key did in one event minute by one method, route, address and agent, as it arrived in one tick. */
export interface Activity {
  /** Start of the event minute, epoch ms. */
  readonly minute: number;
  readonly keyId: string;
  readonly accountId: string;
  readonly appId: string;
  readonly method: string;
  readonly route: string;
  /** Client address; empty when the gateway does not tell. */
  readonly ip: string;
  readonly network: string;
  readonly asn: number;
  readonly country: string;
  readonly agent: string;
  readonly traffic: Readonly<Traffic>;
}

/** What one gateway delivered in a tick. */
export interface GatewayActivity {
  readonly gateway: string;
  readonly events: number;
  /** Different running numbers among them, the least and the highest; all 0 when it sends none. */
  readonly sequenced: number;
  readonly sequenceFirst: number;
  readonly sequenceLast: number;
}

/** Everything that arrived in [from, to), sorted by key and minute, and what issuers said before `to`. */
export interface Tick {
  readonly from: number;
  readonly to: number;
  readonly activity: readonly Activity[];
  /** Absent when nobody asked for it. */
  readonly gateways?: readonly GatewayActivity[];
}
