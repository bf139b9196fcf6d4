import { workerData } from 'node:worker_threads';
import { AlertingConfig } from '@tripkey/alerter';
import { ClickHouseConfig, KeyRegistry, openStore } from '@tripkey/store';
import * as z from 'zod';
import { endThread, tellProgress } from '../in-thread.ts';
import { judgeHistory } from './judge-history.ts';

// A thread of its own: judging takes all of a processor, and requests must go on.
const { clickhouse, params, incidents, from, to } = z
  .object({
    clickhouse: ClickHouseConfig,
    params: z.record(z.string(), z.unknown()),
    incidents: AlertingConfig.shape.incidents,
    from: z.number(),
    to: z.number(),
  })
  .parse(workerData);
await using store = openStore(clickhouse);
const keys = new KeyRegistry();
await keys.refresh(store);
endThread(await judgeHistory({ ...{ store, keys, params, incidents, from, to }, onProgress: tellProgress }));
