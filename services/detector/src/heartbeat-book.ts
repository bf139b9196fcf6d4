import { gatewayRuns, type Store } from '@tripkey/store';
import type { GatewaySays, GatewayWords } from './engine/gateway-says.ts';

/** Who was silent for longer is not waited for, ms; as for gateways without heartbeats. */
const goneMs = 3 * 86_400_000;
/** Heartbeats come every half minute or so; reading them more often tells nothing new, ms. */
const readEveryMs = 15_000;

/** What gateways say of themselves, read from what ingest has stored. Empty where none sends heartbeats. */
export class HeartbeatBook implements GatewayWords {
  #says = new Map<string, GatewaySays>();
  #readAt = Number.NEGATIVE_INFINITY;

  /** Reads what was said until now, unless that was done a moment ago. @throws when ClickHouse does not answer; what was known stays. */
  async refresh(store: Store, now: number): Promise<void> {
    if (now - this.#readAt < readEveryMs) return;
    const runs = await store.ask(gatewayRuns, { since: now - goneMs });
    this.#readAt = now;
    this.#says = new Map(
      runs.map(({ gateway, started_at, heard_at, overdue_at, emitted }) => [
        gateway,
        { gateway, startedAt: started_at, heardAt: heard_at, overdueAt: overdue_at, emitted },
      ]),
    );
  }

  of(gateway: string): GatewaySays | undefined {
    return this.#says.get(gateway);
  }

  all(): Iterable<GatewaySays> {
    return this.#says.values();
  }
}
