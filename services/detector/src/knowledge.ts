import type { Clock } from '@tripkey/service-kit';
import { KeyRegistry, type Store } from '@tripkey/store';
import { DecisionBook } from './decision-book.ts';
import { HeartbeatBook } from './heartbeat-book.ts';

/** What issuers told of keys, people decided and gateways say of themselves: read once for all shards of a process. */
export class Knowledge {
  readonly registry = new KeyRegistry();
  readonly decisions: DecisionBook;
  readonly heartbeats = new HeartbeatBook();
  readonly #store: Store;
  readonly #clock: Clock;
  #last: Promise<void> = Promise.resolve();

  constructor(store: Store, clock: Clock, lessonDays?: number) {
    this.#store = store;
    this.#clock = clock;
    this.decisions = new DecisionBook(lessonDays);
  }

  /** Reads what came since the last time, one reader at a time. @throws when ClickHouse does not answer. */
  refresh(): Promise<void> {
    this.#last = this.#last
      .catch(() => {})
      .then(async () => {
        await this.registry.refresh(this.#store);
        await this.decisions.refresh(this.#store, this.#clock.now());
        await this.heartbeats.refresh(this.#store, this.#clock.now());
      });
    return this.#last;
  }
}
