import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { defineMeasurement } from '../../measure/measurement.ts';
import { Plant } from './plant.ts';

/** How often the members' memory is looked at, ms. */
const sampleMs = 500;

/**
 * ClickHouse is away for minutes while events go on coming. Ingest must keep its memory bounded, lose nothing, and
 * catch up by itself when ClickHouse is back.
 */
export const chaosIngestOutage = defineMeasurement({
  name: 'ingest-outage',
  summary: 'ClickHouse is away for minutes under load; afterwards nothing is lost, and memory kept its bound',
  options: z.object({
    downSeconds: z.coerce.number().int().min(1).default(300).describe('how long ClickHouse is away'),
    members: z.coerce.number().int().min(1).max(6).default(1).describe('processes of ingest'),
    perSecond: z.coerce.number().int().positive().default(2_000).describe('events a second'),
    residentMbMax: z.coerce
      .number()
      .int()
      .positive()
      .default(800)
      .describe('memory that a member may take, MB'),
    keep: z.coerce.boolean().default(false).describe('leave data and logs'),
  }),
  async run({ options, seed, log, signal }) {
    await using plant = await Plant.open({ ...options, seed, rowsMax: 50_000, log });
    let residentMb = 0;
    const look = () => {
      for (const member of plant.members) residentMb = Math.max(residentMb, member.residentMbMax ?? 0);
    };
    const looking = setInterval(look, sampleMs);
    try {
      await sleep(5_000);
      log(`ClickHouse is killed, for ${options.downSeconds} s`);
      await plant.engine.kill9();
      await sleep(options.downSeconds * 1_000, undefined, { signal }).catch(() => {});
      await plant.engine.start();
      log('ClickHouse is back');
      const outcome = await plant.compare(signal);
      look();
      return {
        figures: {
          down_s: options.downSeconds,
          produced: outcome.produced,
          lost: outcome.lost,
          double: outcome.double,
          rollup_mismatches: outcome.rollupMismatches,
          use_mismatches: outcome.useMismatches,
          catch_up_ms: outcome.catchUpMs,
          rss_max_mb: residentMb,
          own_ends: plant.members.reduce((sum, { ownEnds }) => sum + ownEnds, 0),
        },
        held: outcome.held && residentMb <= options.residentMbMax,
      };
    } finally {
      clearInterval(looking);
    }
  },
});
