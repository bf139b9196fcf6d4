import { expect, test } from 'vitest';
import { describeWithOwnKafka } from '../../harness/index.ts';
import { chaosAlerter } from './chaos-alerter.ts';

describeWithOwnKafka('alerters that are killed, a Slack and an issuer that fail', () => {
  test('tell each incident once, stop each key once, and prove it', { timeout: 600_000 }, async () => {
    const options = chaosAlerter.options.parse({ kills: 6, incidents: 20, pauseMsMax: 4_000 });
    const { signal } = new AbortController();
    const { figures, held } = await chaosAlerter.run({ options, seed: 1, log: () => {}, signal });
    expect(figures).toMatchObject({
      ...{ kills: 6, incidents: 20, missing_messages: 0, second_messages: 0 },
      ...{
        wrong_final_text: 0,
        missing_disables: 0,
        second_disables: 0,
        unproven: 0,
      },
    });
    expect(held).toBe(true);
  });
});
