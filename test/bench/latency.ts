import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { Plant } from '../chaos/ingest/plant.ts';
import { defineMeasurement } from '../measure/measurement.ts';
import { Attacks, percentile } from '../whole/attacks.ts';
import { readDigests, readStages, stageNames, watchFindings } from '../whole/stages.ts';
import { Watchers } from '../whole/watchers.ts';

/** Time for the services to start and to get through the history. */
const warmUpMs = 45_000;
/** After the last attack, for its message. */
const coolDownMs = 30_000;
const limitS = 10;

/** From the first request of an attack to the message in Slack, while other keys make a steady load. */
export const benchLatency = defineMeasurement({
  name: 'latency',
  summary: 'from a request to the message in Slack, under load: a revoked key’s use, and a spike',
  options: z.object({
    perSecond: z.coerce.number().int().positive().default(10_000).describe('events a second'),
    revoked: z.coerce.number().int().positive().default(40).describe('uses of revoked keys'),
    spikes: z.coerce.number().int().min(0).default(10).describe('keys with a spike'),
    everySeconds: z.coerce.number().positive().default(3).describe('time between two attacks'),
    keep: z.coerce.boolean().default(false).describe('leave data and logs'),
  }),
  async run({ options, seed, log, signal }) {
    const { perSecond, keep, revoked, spikes } = options;
    const wanted = { members: 1, perSecond, seed, rowsMax: 20_000, lateShare: 0 };
    await using plant = await Plant.open({ ...wanted, keep, log });
    const attacks = await Attacks.prepare(plant, { revoked, spike: spikes });
    await using watchers = await Watchers.start(plant);
    log('warming up');
    await sleep(warmUpMs, undefined, { signal }).catch(() => {});
    const over = new AbortController();
    const watching = watchFindings(plant.broker, AbortSignal.any([over.signal, signal]));
    const total = revoked + spikes;
    for (let i = 0; i < total && !signal.aborted; i++) {
      const isSpike = spikes > 0 && i % Math.ceil(total / spikes) === 0;
      if (!(isSpike && (await attacks.begin('spike')))) await attacks.begin('revoked');
      await sleep(options.everySeconds * 1_000, undefined, { signal }).catch(() => {});
    }
    await sleep(coolDownMs, undefined, { signal }).catch(() => {});
    const { parents } = await watchers.slack.read();
    const attacked = [...attacks.begun('revoked').keys(), ...attacks.begun('spike').keys()];
    const digests = await readDigests(plant.store, attacked);
    const { latenciesMs, untold } = attacks.told(parents, digests);
    over.abort();
    const stages = await readStages(plant.store, attacks.begun('revoked'), await watching);
    const seconds = (values: readonly number[], share: number) => {
      const ms = percentile(values, share);
      return ms === null ? null : Math.round(ms) / 1_000;
    };
    const p99 = seconds(latenciesMs.revoked, 0.99);
    return {
      figures: {
        events_per_s: perSecond,
        messages: parents.length,
        revoked_told: latenciesMs.revoked.length,
        spikes_told: latenciesMs.spike.length,
        told_by_digest: digests.size,
        untold,
        event_to_slack_p50_s: seconds(latenciesMs.revoked, 0.5),
        event_to_slack_p95_s: seconds(latenciesMs.revoked, 0.95),
        event_to_slack_p99_s: p99,
        spike_to_slack_p50_s: seconds(latenciesMs.spike, 0.5),
        spike_to_slack_p95_s: seconds(latenciesMs.spike, 0.95),
        spike_to_slack_p99_s: seconds(latenciesMs.spike, 0.99),
        ...Object.fromEntries(
          stageNames.flatMap((name) => [
            [`${name}_p50_s`, seconds(stages[name], 0.5)],
            [`${name}_max_s`, seconds(stages[name], 1)],
          ]),
        ),
      },
      held: untold === 0 && p99 !== null && p99 < limitS && !signal.aborted,
    };
  },
});
