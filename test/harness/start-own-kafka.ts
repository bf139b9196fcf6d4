import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type BrokerOptions, type KafkaBroker, startKafkaBroker } from './kafka-broker.ts';
import type { KafkaLine } from './kafka-jars.ts';

/** Starts a broker from its jars, its data in a new folder that goes with it. */
export async function startOwnKafka(line?: KafkaLine, options?: BrokerOptions): Promise<KafkaBroker> {
  const folder = mkdtempSync(`${tmpdir()}/tripkey-kafka-`);
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  const broker = await startKafkaBroker(folder, line, options).catch((error: unknown) => {
    removeFolder();
    throw error;
  });
  const close = async () => {
    await broker.close();
    removeFolder();
  };
  return { ...broker, close, [Symbol.asyncDispose]: close };
}
