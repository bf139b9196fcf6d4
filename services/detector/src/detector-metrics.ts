import type { Metrics } from '@tripkey/service-kit';
import type { Engine } from './engine/engine.ts';

const secondsBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export type DetectorMetrics = ReturnType<typeof detectorMetrics>;

/** What a detector tells of itself, of all its shards together. */
export function detectorMetrics(metrics: Metrics) {
  const keys = metrics.gauge('tripkey_detector_keys', 'Keys whose state is in memory');
  const overflow = metrics.counter(
    'tripkey_detector_overflow_total',
    'Let go because there was too much: keys asleep early, addresses, keys of an address, values in use, gateways',
    ['what'],
  );
  const madeUp = metrics.counter(
    'tripkey_detector_made_up_key_requests_total',
    'Requests with key ids that no issuer told of and no gateway let through; a rise is somebody guessing',
  );
  const frontier = metrics.gauge(
    'tripkey_detector_frontier_timestamp_seconds',
    'Arrivals before this time are judged in all shards of this process, 0 without any; when it stands still, nothing is watched',
  );
  /** Of each shard, how far it is (epoch ms) and how many keys it has in memory. */
  const seen = new Map<number, { frontier: number; keys: number }>();
  const sumUp = () => {
    const all = [...seen.values()];
    keys.set(all.reduce((sum, one) => sum + one.keys, 0));
    frontier.set(all.length === 0 ? 0 : Math.min(...all.map((one) => one.frontier)) / 1000);
  };
  const before = new Map<string, number>();
  /** Adds what a running total grew by since it was seen last. */
  const grow = (name: string, total: number, add: (growth: number) => void) => {
    add(total - (before.get(name) ?? 0));
    before.set(name, total);
  };
  return {
    findings: metrics.counter('tripkey_findings_total', 'Findings made', ['rule', 'severity']),
    stretchSeconds: metrics.histogram(
      'tripkey_detector_stretch_seconds',
      'Time to read, judge, store and publish a stretch of arrivals; above the length of a tick it falls behind',
      secondsBuckets,
    ),
    saveSeconds: metrics.histogram(
      'tripkey_detector_save_seconds',
      'Time to save the profiles that changed; judging waits for it',
      secondsBuckets,
    ),
    woken: metrics.counter(
      'tripkey_detector_keys_woken_total',
      'States loaded because their keys are used again; many a second: more keys are in use than stay in memory',
    ),
    shards: metrics.gauge('tripkey_detector_shards', 'Shards that this process judges'),
    /** Notes how far a shard is, and what its engine holds. */
    observe(shard: number, until: number, engine: Engine): void {
      seen.set(shard, { frontier: until, keys: engine.keyCount });
      sumUp();
      for (const [what, total] of Object.entries(engine.overflow))
        grow(`${shard} ${what}`, total, (growth) => overflow.inc({ what }, growth));
      grow(`${shard} made up`, engine.requestsOfMadeUpKeys, (growth) => madeUp.inc(growth));
    },
    /** A shard is judged here no more. */
    forget(shard: number): void {
      seen.delete(shard);
      sumUp();
      for (const name of before.keys()) if (name.startsWith(`${shard} `)) before.delete(name);
    },
  };
}
