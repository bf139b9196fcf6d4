import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Tracing } from './tracing.ts';

/**
 * Tracing by OpenTelemetry, when its standard variables say where traces go (OTEL_EXPORTER_OTLP_ENDPOINT or
 * …_TRACES_ENDPOINT); null otherwise, and then nothing of it is even loaded. OTEL_SERVICE_NAME, OTEL_SDK_DISABLED,
 * OTEL_TRACES_EXPORTER=none and OTEL_TRACES_SAMPLER_ARG (share of new traces that is kept) hold as well.
 */
export async function openTracing(service: string, env: NodeJS.ProcessEnv): Promise<Tracing | null> {
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!endpoint || env.OTEL_SDK_DISABLED === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return null;
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const share = Number(env.OTEL_TRACES_SAMPLER_ARG ?? 1);
  return traceTo(new OTLPTraceExporter(), env.OTEL_SERVICE_NAME ?? `tripkey-${service}`, share);
}

/**
 * Traces that go to an exporter, in batches.
 * @param share of the traces that begin here; one that began elsewhere is kept as it was decided there
 */
export async function traceTo(exporter: SpanExporter, serviceName: string, share = 1): Promise<Tracing> {
  const { SpanTracing } = await import('./span-tracing.ts');
  return new SpanTracing(exporter, serviceName, share);
}
