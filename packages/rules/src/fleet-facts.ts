/** One gateway at the end of a quarter of an hour. Times are epoch ms. */
export interface GatewayFacts {
  readonly at: number;
  readonly windowFrom: number;
  readonly windowTo: number;
  readonly gateway: string;
  readonly watchedSince: number;
  /** Last arrival from it. */
  readonly lastHeardAt: number;
  readonly silentMs: number;
  /** Its longest pause so far, forgetting slowly, ms. */
  readonly pauseMsLongest: number;
  /** Events to expect since it was heard last, and -log10 of the chance of none. */
  readonly expectedSince: number;
  readonly surpriseOfSilence: number;
  /** Whether other gateways were heard since. */
  readonly othersHeard: boolean;
  readonly sequence: SequenceFacts | null;
  readonly heartbeat: HeartbeatFacts | null;
}

/** What a gateway says of itself; null facts when it sends no heartbeats, or none that tell of this time. */
export interface HeartbeatFacts {
  /** For how long none has come that was due, while others say that they live; 0: it lives. */
  readonly overdueMs: number;
  /** Events that it says it emitted since it was heard last: none of them came. */
  readonly emittedSince: number;
}

/** What the running numbers of a gateway say; null facts when it sends none. */
export interface SequenceFacts {
  /** Numbers of which no event came within a quarter of an hour, since they were told of last. */
  readonly missing: number;
  /** Events that came in that time. */
  readonly received: number;
}

/** All keys together in a quarter of an hour that closed. */
export interface FleetFacts {
  readonly at: number;
  readonly windowFrom: number;
  readonly windowTo: number;
  readonly requests: number;
  readonly expected: number;
  /** Keys that are known, and past windows behind the figures. */
  readonly keys: number;
  readonly windows: number;
  /** Highest and lowest ratio of requests to expectation in past windows, forgetting slowly. */
  readonly ratioHighest: number;
  readonly ratioLowest: number;
  /** Gateways from which nothing comes though it should. */
  readonly gatewaysBlind: number;
}
