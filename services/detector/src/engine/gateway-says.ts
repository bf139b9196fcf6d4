/** What a gateway said last of itself. Times are epoch ms. */
export interface GatewaySays {
  readonly gateway: string;
  /** When its current run began, on its own clock: tells runs apart. */
  readonly startedAt: number;
  readonly heardAt: number;
  /** Without another word it is overdue from then on; 0: it was closed. */
  readonly overdueAt: number;
  /** Events that it was given since the run began. */
  readonly emitted: number;
}

/** What the gateways that send heartbeats said last. */
export interface GatewayWords {
  of(gateway: string): GatewaySays | undefined;
  all(): Iterable<GatewaySays>;
}

export const noWords: GatewayWords = { of: () => undefined, all: () => [] };

/** Said so much later it tells nothing of a moment, ms: history is judged as if there were no heartbeats. */
const laterMsMax = 300_000;

/** Whether it tells of this moment that the gateway lives; one that was closed says nothing of itself any more. */
export function lives({ heardAt, overdueAt }: GatewaySays, at: number): boolean {
  return heardAt <= at + laterMsMax && overdueAt > at;
}

/** For how long its word has been due, ms; 0 when it is not. */
export function overdueMs({ overdueAt }: GatewaySays, at: number): number {
  return overdueAt === 0 ? 0 : Math.max(0, at - overdueAt);
}
