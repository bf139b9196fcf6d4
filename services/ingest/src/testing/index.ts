import { anEvent } from '@tripkey/contract/testing';
import { Metrics } from '@tripkey/service-kit';
import { KeyRegistry } from '@tripkey/store';
import { createEnricher } from '../enrich/enricher.ts';
import {
  createHeartbeatReader,
  type HeartbeatReader,
  type HeartbeatReaderParts,
} from '../heartbeats/heartbeat-reader.ts';
import { createPipeline, type Pipeline, type PipelineParts } from '../pipeline.ts';

/** A moment close to the events that `anEvent` builds, epoch ms. */
export const testArrival = Date.parse('2026-03-02T10:00:01.000Z');

/** A pipeline over an IP database that knows nothing; a test names only what it is about. */
export function aPipeline(changes: Partial<PipelineParts> = {}): Pipeline {
  return createPipeline({
    enrich: createEnricher({ find: () => ({ asn: 0, country: '' }), edition: 0, refresh: () => [] }),
    registry: new KeyRegistry(),
    pepper: 'a pepper for tests only',
    metrics: new Metrics(),
    ...changes,
  });
}

/** A reader of heartbeats; a test names only what it is about. */
export function aHeartbeatReader(changes: Partial<HeartbeatReaderParts> = {}): HeartbeatReader {
  return createHeartbeatReader({ pepper: 'a pepper for tests only', metrics: new Metrics(), ...changes });
}

/** A message of one event. */
export function aMessage(changes: Parameters<typeof anEvent>[0] = {}): Uint8Array {
  return Buffer.from(JSON.stringify(anEvent(changes)));
}
/** Everything in a value, as text to search. */
export function asText(value: unknown): string {
  return JSON.stringify(value, (_, of: unknown) => (typeof of === 'bigint' ? String(of) : of));
}

export { positions, RecordingStore } from './recording-store.ts';
