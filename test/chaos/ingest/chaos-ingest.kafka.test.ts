import { describeWithOwnKafka } from '@tripkey/test/harness';
import { expect, test } from 'vitest';
import { chaosIngest } from './chaos-ingest.ts';
import { chaosIngestOutage } from './chaos-ingest-outage.ts';

const context = { seed: 4, log: () => {}, signal: new AbortController().signal };
const nothing = { lost: 0, double: 0, rollup_mismatches: 0, use_mismatches: 0 };

describeWithOwnKafka('ingest under kill -9', () => {
  test('nothing is lost or counted twice when ingest, ClickHouse and Kafka are killed', async () => {
    const options = {
      kills: 8,
      members: 2,
      perSecond: 500,
      pauseMsMax: 2_000,
      kafka: '4.1' as const,
      keep: false,
    };
    const { figures, held } = await chaosIngest.run({ ...context, options });
    expect(figures).toMatchObject({ kills: 8, ...nothing });
    expect(held).toBe(true);
  }, 400_000);

  test('what comes while ClickHouse is away is stored when it is back', async () => {
    const options = { downSeconds: 5, members: 1, perSecond: 500, residentMbMax: 800, keep: false };
    const { figures, held } = await chaosIngestOutage.run({ ...context, options });
    expect(figures).toMatchObject({ ...nothing, own_ends: 0 });
    expect(held).toBe(true);
  }, 400_000);
});
