import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { Plant } from '../chaos/ingest/plant.ts';
import { SeededRandom } from '../chaos/seeded-random.ts';
import { defineMeasurement } from '../measure/measurement.ts';
import { Attacks, percentile } from '../whole/attacks.ts';
import { Watchers } from '../whole/watchers.ts';
import { Watch } from './watch.ts';

const minuteMs = 60_000;
const attackEveryMs = 20_000;
/** Memory that may seem to grow without being a leak: the measure's own noise, MB an hour at full length. */
const slopeMbMax = 400;
const settleMs = 60_000;

/**
 * The whole system for a long time: load, attacks, and faults. One member of ingest, one alerter, the engine and the
 * broker die now and then; what is never killed must not grow. In the end what is stored is compared with what was sent.
 */
export const soakAll = defineMeasurement({
  name: 'all',
  summary: 'the whole system under load, attacks and faults for hours: leaks, lag, latency, counts',
  options: z.object({
    hours: z.coerce.number().positive().default(1).describe('how long'),
    minutes: z.coerce.number().min(0).default(0).describe('how long, in minutes; goes before --hours'),
    perSecond: z.coerce.number().int().positive().default(1_000).describe('events a second'),
    faultEverySeconds: z.coerce.number().positive().default(60).describe('time between two faults'),
    keep: z.coerce.boolean().default(false).describe('leave data and logs'),
  }),
  async run({ options, seed, log, signal }) {
    const lastsMs = options.minutes > 0 ? options.minutes * minuteMs : options.hours * 60 * minuteMs;
    const { perSecond, keep } = options;
    const random = new SeededRandom(seed);
    const startedAt = Date.now();
    const wanted = { members: 2, perSecond, seed, rowsMax: 10_000, lateShare: 0 };
    await using plant = await Plant.open({ ...wanted, keep, log });
    const count = Math.ceil(lastsMs / attackEveryMs);
    const attacks = await Attacks.prepare(plant, {
      revoked: count,
      spike: Math.min(20, Math.ceil(count / 10)),
    });
    await using watchers = await Watchers.start(plant);
    const watch = new Watch(plant.store, [plant.members[0]!, watchers.detector, watchers.alerters[0]!]);
    const ended = new AbortController();
    const until = AbortSignal.any([signal, ended.signal]);
    const faults = { ingest: 0, alerter: 0, clickhouse: 0, kafka: 0 };
    const everywhere = [
      every(attackEveryMs, until, async () => {
        if (random.next() > 0.1 || !(await attacks.begin('spike'))) await attacks.begin('revoked');
      }),
      every(5_000, until, () => watch.look()),
      every(options.faultEverySeconds * 1_000, until, async () => {
        const fault = random.weighted({ ingest: 5, alerter: 3, clickhouse: 1, kafka: 1 });
        faults[fault]++;
        log(`fault: ${fault}`);
        if (fault === 'ingest') plant.members[1]!.kill9();
        else if (fault === 'alerter') watchers.alerters[1]!.kill9();
        else {
          const server =
            fault === 'clickhouse' ? plant.engine : { kill9: plant.kafka.kill9, start: plant.kafka.restart };
          await server.kill9();
          await server.start();
        }
      }),
    ];
    await sleep(lastsMs, undefined, { signal }).catch(() => {});
    ended.abort();
    await Promise.all(everywhere);
    await sleep(settleMs, undefined, { signal }).catch(() => {});
    const { parents } = await watchers.slack.read();
    const { latenciesMs, untold } = attacks.told(parents);
    const all = [...latenciesMs.revoked, ...latenciesMs.spike];
    const seconds = (share: number) => Math.round(percentile(all, share) ?? Number.NaN) / 1_000;
    // The past of the keys that are attacked did not come by the topic.
    const stored = await plant.compare(signal, startedAt);
    const slope = watch.slopeMbPerHour();
    return {
      figures: {
        minutes: Math.round(lastsMs / minuteMs),
        ...Object.fromEntries(Object.entries(faults).map(([name, n]) => [`faults_${name}`, n])),
        produced: stored.produced,
        lost: stored.lost,
        double: stored.double,
        rollup_mismatches: stored.rollupMismatches,
        rss_max_mb: watch.residentMbMax,
        rss_slope_mb_per_h: slope,
        lag_max: watch.lagMax,
        behind_max_s: watch.behindSecondsMax,
        told: all.length,
        untold,
        verdict_p50_s: seconds(0.5),
        verdict_p99_s: seconds(0.99),
      },
      held: stored.held && untold === 0 && slope <= slopeMbMax,
    };
  },
});

/** Does something again and again until `until` aborts; a failure, as while the store is down, is tried again next time. */
async function every(ms: number, until: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!until.aborted) {
    await sleep(ms, undefined, { signal: until }).catch(() => {});
    if (!until.aborted) await work().catch(() => {});
  }
}
