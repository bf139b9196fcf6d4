import { describeWithOwnKafka } from '@tripkey/test/harness';
import { expect, test } from 'vitest';
import { chaosScaleOut } from './chaos-scale-out.ts';

describeWithOwnKafka('two members of every service', () => {
  test('lose and double nothing when one is killed, paused, cut off or added', async () => {
    const options = chaosScaleOut.options.parse({ faults: 4, lastsMsMax: 5_000, perSecond: 200 });
    const { signal } = new AbortController();
    const log = (line: string) => line.startsWith('NOBODY') && process.stderr.write(`${line}\n`);
    const { figures, held } = await chaosScaleOut.run({ options, seed: 3, log, signal });
    // A member that was cut off may end by itself, and is started again: what counts is what comes of it.
    expect(figures).toMatchObject({
      ...{ lost: 0, double: 0, rollup_mismatches: 0 },
      ...{ missing_findings: 0, second_findings: 0, unpublished_findings: 0, findings_taken_twice: 0 },
      ...{ missing_messages: 0, second_messages: 0 },
    });
    expect(held).toBe(true);
  }, 900_000);
});
