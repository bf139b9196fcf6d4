import { setTimeout as sleep } from 'node:timers/promises';
import { subjectKey, topics } from '@tripkey/contract';
import { defineQuestion, findingToRow, type Store } from '@tripkey/store';
import type { Sink } from '@tripkey/stream';
import * as z from 'zod';
import { detectedNow, type PlannedIncident } from './planned-incident.ts';

const everyMs = 500;

/** When the alerter says that keys were stopped, and how long gateways may go on accepting them. */
const stops = defineQuestion({
  name: 'chaos-stops',
  sql: `
    SELECT subject_id AS key_id, toUnixTimestamp64Milli(max(incident_events_v1.at)) AS stopped_at,
        max(JSONExtractInt(data, 'propagation_ms')) AS propagation_ms
    FROM incident_events_v1 WHERE kind = 'operation_state_confirmed' AND has({keys:Array(String)}, subject_id)
    GROUP BY subject_id`,
  params: z.object({ keys: z.array(z.string()) }),
  row: z.object({ key_id: z.string(), stopped_at: z.number(), propagation_ms: z.number() }),
});

/**
 * Plays what lies before the alerter: findings are stored and published as the detector does it, ingest says that all
 * is stored, and a gateway lets requests through of the keys that leak.
 */
export class GatewayAndDetector {
  readonly #store: Store;
  readonly #findings: Sink;
  readonly #plan: readonly PlannedIncident[];
  readonly #leaked = new Set<string>();
  #ticks = 0;

  constructor(store: Store, findings: Sink, plan: readonly PlannedIncident[]) {
    this.#store = store;
    this.#findings = findings;
    this.#plan = plan;
  }

  /** Each key is used once, so that there are as many active keys as keys. */
  async begin(): Promise<void> {
    const now = Date.now();
    await this.#store.insert(
      'requests_raw_v1',
      this.#plan.map(({ keyId }) => requestOf(keyId, now - 60_000, 'before')),
      'chaos-before',
    );
    await this.#progress();
  }

  /** Goes on until `stop` aborts; ingest's progress is told as long as that. */
  async run(stop: AbortSignal): Promise<void> {
    const startedAt = Date.now();
    const due = this.#plan.flatMap(({ findings }) => findings).sort((a, b) => a.at - b.at);
    while (!stop.aborted) {
      const now = Date.now();
      while ((due[0]?.at ?? Number.POSITIVE_INFINITY) <= now - startedAt) {
        await this.#publish(detectedNow(due.shift()!.finding, now));
      }
      await this.#leak(now);
      await this.#progress();
      await sleep(everyMs);
    }
  }

  async #publish(finding: ReturnType<typeof detectedNow>): Promise<void> {
    await this.#store.insert('findings_v1', [findingToRow(finding)], `chaos-${finding.finding_id}`);
    await this.#findings.send([{ key: subjectKey(finding.subject), value: JSON.stringify(finding) }]);
  }

  /** A request that is accepted when it must not be any more. */
  async #leak(now: number): Promise<void> {
    const keys = this.#plan.filter(({ leaks, keyId }) => leaks && !this.#leaked.has(keyId));
    if (keys.length === 0 || this.#ticks % 4 !== 0) return;
    const stopped = await this.#store.ask(stops, { keys: keys.map(({ keyId }) => keyId) });
    for (const { key_id, stopped_at, propagation_ms } of stopped) {
      const at = stopped_at + propagation_ms + 1_000;
      if (at > now) continue;
      await this.#store.insert('requests_raw_v1', [requestOf(key_id, at, 'after')], `chaos-after-${key_id}`);
      this.#leaked.add(key_id);
    }
  }

  async #progress(): Promise<void> {
    const at = new Date().toISOString();
    const row = { topic: topics.requests, partition: 0, offset: 0, stored_until: at, lag: 0, at };
    await this.#store.insert('ingest_progress_v1', [row], `chaos-progress-${this.#ticks++}`);
  }
}

function requestOf(keyId: string, at: number, when: string): Record<string, unknown> {
  const ts = new Date(at).toISOString();
  return {
    ...{ ts, arrived_at: ts, event_id: `${keyId}-${when}`, key_id: keyId },
    ...{ method: 'GET', route: '/v1/leads', path: '/v1/leads', status: 200, outcome: 'valid' },
    ...{ client_ip: '::', _topic: 'chaos' },
  };
}
