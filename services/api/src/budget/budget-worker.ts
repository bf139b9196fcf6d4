import { workerData } from 'node:worker_threads';
import { AlertingConfig, answerBudget, onStore } from '@tripkey/alerter';
import { ruleGroups } from '@tripkey/rules';
import { ClickHouseConfig, openStore } from '@tripkey/store';
import * as z from 'zod';
import { endThread } from '../in-thread.ts';

// A thread of its own: incidents are made again dozens of times, and requests must go on.
const { clickhouse, incidents, ...question } = z
  .object({
    clickhouse: ClickHouseConfig,
    incidents: AlertingConfig.shape.incidents,
    budget: z.object({
      perWeek: z.number(),
      highPerWeek: z.number().optional(),
      criticalPerWeek: z.number().optional(),
    }),
    without: z.array(z.string()),
    from: z.number(),
    to: z.number(),
    listedMax: z.number(),
  })
  .parse(workerData);
await using store = openStore(clickhouse);
const { risk, windowMs, quietMs } = incidents;
endThread(
  answerBudget({
    ...question,
    findings: await onStore(store).storedFindings(question.from),
    incidents: { groups: ruleGroups, risk, windowMs, quietMs },
  }),
);
