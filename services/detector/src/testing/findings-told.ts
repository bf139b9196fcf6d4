import { Finding } from '@tripkey/contract';
import { eventually } from '@tripkey/service-kit/testing';
import { findingFromRow, findingsSince, type Store } from '@tripkey/store';
import type { InMemoryBroker } from '@tripkey/stream/memory';
import { Recorder } from '@tripkey/stream/testing';
import { expect } from 'vitest';

/** Findings in the order of their ids, to be compared. */
export const sorted = (all: readonly Finding[]) =>
  all.toSorted((a, b) => (a.finding_id < b.finding_id ? -1 : a.finding_id > b.finding_id ? 1 : 0));

/** Every finding that is stored, by id. */
export async function storedFindings(store: Store): Promise<Finding[]> {
  return sorted((await store.ask(findingsSince, { since: 0 })).map(findingFromRow));
}

/** Every finding on the topic `findings` of one partition, as often as it is there, by id. */
export async function publishedFindings(broker: InMemoryBroker): Promise<Finding[]> {
  const recorder = new Recorder();
  const stop = new AbortController();
  const running = broker.source('findings', crypto.randomUUID()).run(recorder, stop.signal);
  await eventually(() => expect(recorder.values).toHaveLength(broker.size('findings', 0)));
  stop.abort();
  await running;
  return sorted(recorder.values.map((value) => Finding.parse(JSON.parse(value))));
}
