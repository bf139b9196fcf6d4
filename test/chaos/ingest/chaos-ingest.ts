import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { defineMeasurement } from '../../measure/measurement.ts';
import { SeededRandom } from '../seeded-random.ts';
import { Plant } from './plant.ts';

/** Whom a kill hits, by weight. Members are hit most: each of their kills is two rebalances. */
const victims = { member: 6, engine: 3, kafka: 1 };

/**
 * Members of ingest, the engine and the broker are killed with SIGKILL at random moments, under load. Then what is
 * stored is compared with what the topic holds: raw row by row, the rollup minute by minute.
 */
export const chaosIngest = defineMeasurement({
  name: 'ingest',
  summary: 'kill -9 of ingest, ClickHouse and Kafka under load; afterwards nothing is lost or double',
  options: z.object({
    kills: z.coerce.number().int().min(0).default(100).describe('processes to kill'),
    members: z.coerce.number().int().min(1).max(6).default(3).describe('processes of ingest'),
    perSecond: z.coerce.number().int().positive().default(1_000).describe('events a second'),
    pauseMsMax: z.coerce.number().int().positive().default(4_000).describe('longest time between two kills'),
    kafka: z.enum(['4.1', '3.9']).default('4.1').describe('line of Kafka'),
    keep: z.coerce.boolean().default(false).describe('leave data and logs'),
  }),
  async run({ options, seed, log, signal }) {
    const random = new SeededRandom(seed);
    // Small batches: more of them are under way when something dies.
    await using plant = await Plant.open({ ...options, seed, rowsMax: 500, log });
    const { members, engine, kafka } = plant;
    const counts = { member: 0, engine: 0, kafka: 0 };
    for (let kill = 1; kill <= options.kills && !signal.aborted; kill++) {
      await sleep(random.whole(0, options.pauseMsMax));
      const victim = random.weighted(victims);
      counts[victim]++;
      log(`kill ${kill}: ${victim}`);
      if (victim === 'member') {
        members[random.whole(0, members.length - 1)]!.kill9();
      } else {
        const server = victim === 'engine' ? engine : { kill9: kafka.kill9, start: kafka.restart };
        await server.kill9();
        await sleep(random.whole(0, 1_000));
        await server.start();
      }
    }
    // Some load that nothing disturbs, so that the last kill is met by events as well.
    await sleep(2_000);
    const outcome = await plant.compare(signal);
    return {
      figures: {
        kills: counts.member + counts.engine + counts.kafka,
        kills_member: counts.member,
        kills_clickhouse: counts.engine,
        kills_kafka: counts.kafka,
        own_ends: members.reduce((sum, { ownEnds }) => sum + ownEnds, 0),
        produced: outcome.produced,
        lost: outcome.lost,
        double: outcome.double,
        rollup_mismatches: outcome.rollupMismatches,
        use_mismatches: outcome.useMismatches,
        catch_up_ms: outcome.catchUpMs,
      },
      held: outcome.held,
    };
  },
});
