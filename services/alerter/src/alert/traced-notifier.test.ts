import { traceTo } from '@tripkey/service-kit';
import { KeptSpans } from '@tripkey/service-kit/testing';
import { type Broker, tracedBroker } from '@tripkey/stream';
import { InMemoryBroker } from '@tripkey/stream/memory';
import { expect, test } from 'vitest';
import type { Notifier, Outgoing } from './notifier.ts';
import { SubjectTraces, tracedNotifier } from './traced-notifier.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';

/** Takes one batch of a topic, does something with it and leaves. */
async function takeOnce(broker: Broker, topic: string, work: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const records = async () => {
    await work();
    stop.abort();
  };
  await broker.source(topic, 'group').run({ assigned: async () => {}, records }, stop.signal);
}

test('one trace leads from the gateway over the topics to the message', async () => {
  const kept = new KeptSpans();
  const tracing = await traceTo(kept, 'test');
  const traces = new SubjectTraces();
  await using memory = new InMemoryBroker();
  await memory.ensureTopics(['requests', 'findings'].map((topic) => ({ topic, partitions: 1 })));
  const broker = tracedBroker(memory, tracing, traces.note);

  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
  await memory.sink('requests').send([{ key: 'key_crm', value: '{}', headers }]);
  await takeOnce(broker, 'requests', () => broker.sink('findings').send([{ key: 'key:crm', value: '{}' }]));
  await takeOnce(broker, 'findings', async () => {});
  const slack = { name: 'slack', post: async () => ({ kind: 'sent', ref: { channel: 'C1', ts: '1' } }) };
  const notifier = tracedNotifier(slack as unknown as Notifier, tracing, traces);
  const message = { kind: 'alert', alert: { record: { subject: 'key:crm' } } } as unknown as Outgoing;
  expect(await notifier.post(message, 'delivery')).toMatchObject({ kind: 'sent' });
  await tracing[Symbol.asyncDispose]();

  const spans = kept.getFinishedSpans();
  expect(spans.map(({ name }) => name).toSorted()).toEqual([
    'post slack',
    'send findings',
    'take findings',
    'take requests',
  ]);
  expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([traceId]));
});

test('where nobody asked for traces nothing is wrapped', async () => {
  await using memory = new InMemoryBroker();
  expect(tracedBroker(memory, null)).toBe(memory);
  const notifier = {} as Notifier;
  expect(tracedNotifier(notifier, null, new SubjectTraces())).toBe(notifier);
});
