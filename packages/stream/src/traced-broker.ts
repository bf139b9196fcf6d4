import { type Tracing, traceparentHeader } from '@tripkey/service-kit';
import type { Broker, OutRecord, Sink, Source, SourceHandler, StreamRecord } from './broker.ts';

/** Told, inside the span, of every record that is taken. */
export type OnTaken = (record: StreamRecord, traceparent: string | undefined) => void;

/**
 * The same broker, whose records carry traces: what is sent names the span that sent it, and what is taken goes on with the
 * spans that its records name. Without tracing it is the broker itself.
 */
export function tracedBroker(broker: Broker, tracing: Tracing | null, onTaken?: OnTaken): Broker {
  if (tracing === null) return broker;
  return {
    source: (topic, group) => tracedSource(broker.source(topic, group), topic, tracing, onTaken),
    sink: (topic) => tracedSink(broker.sink(topic), topic, tracing),
    ensureTopics: (topics) => broker.ensureTopics(topics),
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
  };
}

function tracedSink(sink: Sink, topic: string, tracing: Tracing): Sink {
  return {
    send: (records) =>
      tracing.span(
        `send ${topic}`,
        { kind: 'producer', attributes: messaging(topic, records.length) },
        () => {
          const traceparent = tracing.traceparent();
          return sink.send(
            traceparent === undefined ? records : records.map((record) => marked(record, traceparent)),
          );
        },
      ),
  };
}

function marked(record: OutRecord, traceparent: string): OutRecord {
  return { ...record, headers: { ...record.headers, [traceparentHeader]: traceparent } };
}

function tracedSource(source: Source, topic: string, tracing: Tracing, onTaken: OnTaken = () => {}): Source {
  const traced = (handler: SourceHandler): SourceHandler => ({
    assigned: (lease) => handler.assigned(lease),
    records: (lease, partition, records) => {
      const from = [...new Set(records.flatMap(({ headers }) => headers[traceparentHeader] ?? []))];
      const attributes = {
        ...messaging(topic, records.length),
        'messaging.destination.partition.id': `${partition}`,
      };
      return tracing.span(`take ${topic}`, { kind: 'consumer', from, attributes }, () => {
        const traceparent = tracing.traceparent();
        for (const record of records) onTaken(record, traceparent);
        return handler.records(lease, partition, records);
      });
    },
    revoked: async (lease) => handler.revoked?.(lease),
    lost: async (lease, partition, from, to) => handler.lost?.(lease, partition, from, to),
  });
  return { run: (handler, stop) => source.run(traced(handler), stop) };
}

function messaging(topic: string, count: number) {
  return {
    'messaging.system': 'kafka',
    'messaging.destination.name': topic,
    'messaging.batch.message_count': count,
  };
}
