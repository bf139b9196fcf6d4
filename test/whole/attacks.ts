import { type KeyRecord, type RequestEvent, topics } from '@tripkey/contract';
import { anEvent } from '@tripkey/contract/testing';
import { createEnricher, createPipeline, importKeys, openIpDatabase, storeHistory } from '@tripkey/ingest';
import { Metrics } from '@tripkey/service-kit';
import { KeyRegistry } from '@tripkey/store';
import type { SeenMessage } from '../chaos/alerter/slack-channel.ts';
import type { Plant } from '../chaos/ingest/plant.ts';

/** A revoked key that is used is seen by an instant rule, a spike by comparing with what the key usually does. */
export const attackKinds = ['revoked', 'spike'] as const;
export type AttackKind = (typeof attackKinds)[number];

interface Attack {
  readonly kind: AttackKind;
  readonly keyId: string;
  /** Epoch ms of its first request. */
  readonly startedAt: number;
}

const dayMs = 86_400_000;
const historyDays = 10;
const historyEveryMs = 300_000;
const spikeRequests = 600;

/** Attacks on keys that are there for it, each attacked once, and when people were told. */
export class Attacks {
  readonly #plant: Plant;
  readonly #left: Record<AttackKind, string[]>;
  readonly #begun: Attack[] = [];

  private constructor(plant: Plant, keys: Record<AttackKind, string[]>) {
    this.#plant = plant;
    this.#left = keys;
  }

  /** Makes the keys, and a past for those that will have a spike. */
  static async prepare(plant: Plant, counts: Readonly<Record<AttackKind, number>>): Promise<Attacks> {
    const name = (kind: AttackKind) =>
      Array.from({ length: counts[kind] }, (_, i) => `attacked_${kind}_${i}`);
    const keys = { revoked: name('revoked'), spike: name('spike') };
    const now = Date.now();
    const records = [
      ...keys.revoked.map((keyId) =>
        aRecord(keyId, { status: 'revoked', revoked_at: new Date(now - dayMs).toISOString() }),
      ),
      ...keys.spike.map((keyId) => aRecord(keyId, {})),
    ];
    await importKeys(plant.store, records, now, null);
    const registry = new KeyRegistry();
    await registry.refresh(plant.store);
    const pipeline = createPipeline({
      enrich: createEnricher(openIpDatabase([])),
      ...{ registry, pepper: 'made up for this measurement', metrics: new Metrics() },
    });
    await storeHistory({ store: plant.store, pipeline, events: history(keys.spike, now), topic: 'history' });
    return new Attacks(plant, keys);
  }

  /** Begins one; false when all keys of the kind were attacked. */
  async begin(kind: AttackKind): Promise<boolean> {
    const keyId = this.#left[kind].pop();
    if (keyId === undefined) return false;
    const startedAt = Date.now();
    const count = kind === 'spike' ? spikeRequests : 1;
    const requests = Array.from({ length: count }, (_, i) => aRequest(keyId, startedAt + i, `${keyId}-${i}`));
    await this.#plant.broker
      .sink(topics.requests)
      .send(requests.map((event) => ({ key: keyId, value: JSON.stringify(event) })));
    this.#begun.push({ kind, keyId, startedAt });
    return true;
  }

  /** When the attacks of a kind began, epoch ms by key. */
  begun(kind: AttackKind): ReadonlyMap<string, number> {
    return new Map(this.#begun.flatMap((one) => (one.kind === kind ? [[one.keyId, one.startedAt]] : [])));
  }

  /**
   * When people were told, from the time stamps that Slack gave.
   * @param digestedAt when a digest told of a key, where it has no message of its own
   * @returns ms from the first request of each attack to its message; attacks that nobody was told of are counted
   */
  told(
    messages: readonly SeenMessage[],
    digestedAt: ReadonlyMap<string, number> = new Map(),
  ): {
    readonly latenciesMs: Record<AttackKind, number[]>;
    readonly untold: number;
  } {
    const latenciesMs: Record<AttackKind, number[]> = { revoked: [], spike: [] };
    let untold = 0;
    for (const { kind, keyId, startedAt } of this.#begun) {
      const message = messages.find(({ text }) => new RegExp(`\\b${keyId}\\b`).test(text));
      const toldAt = message ? Number(message.ts) * 1_000 : digestedAt.get(keyId);
      if (toldAt === undefined) untold++;
      else latenciesMs[kind].push(toldAt - startedAt);
    }
    return { latenciesMs, untold };
  }
}

function* history(keys: readonly string[], now: number): Generator<RequestEvent> {
  for (let at = now - historyDays * dayMs; at < now - historyEveryMs; at += historyEveryMs)
    for (const [index, keyId] of keys.entries()) yield aRequest(keyId, at + index, `${keyId}-${at}`);
}

function aRequest(keyId: string, ts: number, eventId: string): RequestEvent {
  return anEvent({
    event_id: eventId,
    key_id: keyId,
    ts,
    account_id: 'acct_attacked',
    app_id: 'app_attacked',
  });
}

function aRecord(keyId: string, change: Partial<KeyRecord>): KeyRecord {
  return {
    ...{
      key_id: keyId,
      account_id: 'acct_attacked',
      app_id: 'app_attacked',
      name: keyId,
      scopes: [],
      status: 'active',
    },
    ...{ protected: false, tags: {} },
    ...change,
  };
}

/** The value below which a share of the values lies, by nearest rank; null of none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
