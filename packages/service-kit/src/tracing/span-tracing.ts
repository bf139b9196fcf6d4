import { setTimeout as wait } from 'node:timers/promises';
import {
  context,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { parseTraceParent } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { SpanFacts, Tracing } from './tracing.ts';

/** Links of one span: a batch has records of many traces. */
const linksMax = 32;

/** How long the last spans may take to leave, ms: a collector that is away must not eat up the time to drain. */
const closeMsMax = 3_000;

const kinds = {
  internal: SpanKind.INTERNAL,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
} as const;

/** `Tracing` by OpenTelemetry's SDK. */
export class SpanTracing implements Tracing {
  readonly #provider: TracerProvider;

  constructor(exporter: SpanExporter, serviceName: string, share: number) {
    // The first of a process stays; they are all alike.
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': serviceName }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
      spanProcessors: [new BatchSpanProcessor({ exporter })],
    });
  }

  async span<T>(name: string, facts: SpanFacts, work: () => Promise<T>): Promise<T> {
    const { kind = 'internal', from = [], attributes = {} } = facts;
    const origins = [...new Set(from)].slice(0, linksMax).flatMap((text) => parseTraceParent(text) ?? []);
    const [only] = origins.length === 1 ? origins : [];
    const parent = only ? trace.setSpanContext(ROOT_CONTEXT, remote(only)) : context.active();
    const links = only ? [] : origins.map((origin) => ({ context: remote(origin) }));
    const tracer = this.#provider.getTracer('tripkey');
    const span = tracer.startSpan(name, { kind: kinds[kind], attributes, links }, parent);
    try {
      return await context.with(trace.setSpan(parent, span), work);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      throw error;
    } finally {
      span.end();
    }
  }

  traceparent(): string | undefined {
    const now = trace.getSpanContext(context.active());
    if (!now) return undefined;
    const { traceId, spanId, traceFlags } = now;
    return `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0')}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Whoever collects traces may be away; that must not fail what was done.
    const left = this.#provider.shutdown().catch(() => {});
    await Promise.race([left, wait(closeMsMax, undefined, { ref: false })]);
  }
}

function remote(origin: SpanContext): SpanContext {
  return { ...origin, isRemote: true };
}
