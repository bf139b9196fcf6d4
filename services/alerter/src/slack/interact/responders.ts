import type { Clock, Logger } from '@tripkey/service-kit';

/** For how long the members of a group are taken as they were read. */
const goodForMs = 60_000;
/** A Slack that does not answer takes nobody's right at once; so long the members count that were read last. */
const lastKnownForMs = 60 * 60_000;
/** A click has to be answered within three seconds. */
const waitMsMax = 1_500;

interface Members {
  readonly ids: ReadonlySet<string>;
  readonly readAt: number;
}

/** The people who may act: those who are named, and the members of Slack's groups that are. */
export class Responders {
  readonly #named: ReadonlySet<string>;
  readonly #groups: readonly string[];
  readonly #readMembers: (group: string) => Promise<readonly string[]>;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #known = new Map<string, Members>();
  readonly #reading = new Map<string, Promise<void>>();

  constructor(parts: {
    named: Iterable<string>;
    groups: readonly string[];
    /** @throws when Slack does not say */
    readMembers: (group: string) => Promise<readonly string[]>;
    clock: Clock;
    log: Logger;
  }) {
    this.#named = new Set(parts.named);
    this.#groups = parts.groups;
    this.#readMembers = parts.readMembers;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** Whether somebody may act; no when Slack has not said for an hour who is in the groups. Never throws. */
  async has(user: string): Promise<boolean> {
    if (this.#named.has(user)) return true;
    const members = await Promise.all(this.#groups.map((group) => this.#membersOf(group)));
    return members.some((ids) => ids.has(user));
  }

  async #membersOf(group: string): Promise<ReadonlySet<string>> {
    const isGood = (forMs: number) =>
      (this.#known.get(group)?.readAt ?? -Infinity) > this.#clock.now() - forMs;
    if (!isGood(goodForMs)) {
      const reading = this.#reading.get(group) ?? this.#read(group);
      this.#reading.set(group, reading);
      await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, waitMsMax).unref())]);
    }
    return (isGood(lastKnownForMs) && this.#known.get(group)?.ids) || new Set();
  }

  async #read(group: string): Promise<void> {
    try {
      const ids = new Set(await this.#readMembers(group));
      this.#known.set(group, { ids, readAt: this.#clock.now() });
    } catch (err) {
      this.#log.warn({ err, group }, 'Slack does not say who is in a group of responders');
    } finally {
      this.#reading.delete(group);
    }
  }
}
