import { readConfig } from '@tripkey/service-kit';
import { ClickHouseConfig, openStore, retireStream, type Store } from '@tripkey/store';
import { ingestPartitions } from '@tripkey/store/reading';
import { Command } from 'commander';
import * as z from 'zod';
import { textTable } from '../api/text-table.ts';
import { UsageError } from '../usage-error.ts';

const StreamsConfig = z.object({ clickhouse: ClickHouseConfig.prefault({}) });
/** A stream that is alive says so twice a second. */
const silentMsMin = 30_000;

/** `tripkey streams`: the streams of events that the detector waits for. */
export function streamsCommand(): Command {
  const streams = new Command('streams').description('streams of events that the detector waits for');
  streams
    .command('list')
    .description('show how far each is, the slowest first')
    .option('--json', 'print one JSON object a line')
    .action(async ({ json }: { json?: boolean }) => {
      await onStore(async (store) => {
        const all = await listStreams(store);
        const rows = all.map((one) => [one.stream, one.stored_until, one.reported_at, String(one.lag)]);
        process.stdout.write(
          json
            ? all.map((one) => `${JSON.stringify(one)}\n`).join('')
            : textTable(['stream', 'stored until', 'heard of', 'waiting'], rows),
        );
      });
    });
  streams
    .command('retire')
    .description('wait no longer for a stream that is gone for good')
    .argument('<stream>', 'as listed, such as http/1')
    .addHelpText(
      'after',
      `
For an HTTP door that was closed or has another number now, and for a topic that is not read any more. Not for one that is
only down: what arrived there before and is stored late would not be judged. One that comes back is waited for again.`,
    )
    .action(async (name: string) => {
      await onStore((store) => retire(store, name, Date.now()));
      process.stdout.write(`${name} is not waited for any more\n`);
    });
  return streams;
}

/** Every stream that is waited for, the slowest first. */
export async function listStreams(store: Store) {
  const streams = await store.ask(ingestPartitions, {});
  return streams
    .toSorted((a, b) => a.stored_until - b.stored_until)
    .map(({ topic, partition, stored_until, reported_at, lag }) => ({
      stream: `${topic}/${partition}`,
      stored_until: new Date(stored_until).toISOString(),
      reported_at: new Date(reported_at).toISOString(),
      lag,
    }));
}

/**
 * Retires a stream by its name.
 * @param now epoch ms
 * @throws {UsageError} when there is none, or it is alive
 */
export async function retire(store: Store, name: string, now: number): Promise<void> {
  const streams = await store.ask(ingestPartitions, {});
  const stream = streams.find(({ topic, partition }) => `${topic}/${partition}` === name);
  if (!stream) throw new UsageError(`nobody waits for a stream ${name}; see \`tripkey streams list\``);
  const silentMs = now - stream.reported_at;
  if (silentMs < silentMsMin)
    throw new UsageError(
      `${name} was heard of ${Math.max(0, Math.round(silentMs / 1_000))} s ago: end what reads it first, and wait ${silentMsMin / 1_000} s`,
    );
  await retireStream(store, stream, now);
}

async function onStore(work: (store: Store) => Promise<void>): Promise<void> {
  const { clickhouse } = readConfig(StreamsConfig, process.env);
  await using store = openStore(clickhouse);
  await work(store);
}
