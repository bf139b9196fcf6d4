import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { KeptSpans } from '../testing/kept-spans.ts';
import { openTracing, traceTo } from './open-tracing.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const gateway = `00-${traceId}-b7ad6b7169203331-01`;

test('nothing is traced, nor loaded, where no variable asks for it', async () => {
  expect(await openTracing('ingest', {})).toBeNull();
  const asked = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
  expect(await openTracing('ingest', { ...asked, OTEL_SDK_DISABLED: 'true' })).toBeNull();
  expect(await openTracing('ingest', { ...asked, OTEL_TRACES_EXPORTER: 'none' })).toBeNull();
});

test('work goes on with the trace that it came from, and passes it on', async () => {
  const kept = new KeptSpans();
  await using tracing = await traceTo(kept, 'test');
  let inner: string | undefined;
  await tracing.span('outer', { kind: 'consumer', from: [gateway, gateway] }, () =>
    tracing.span('inner', {}, async () => {
      inner = tracing.traceparent();
    }),
  );
  await tracing[Symbol.asyncDispose]();
  const [innerSpan, outerSpan] = kept.getFinishedSpans();
  expect(outerSpan).toMatchObject({
    name: 'outer',
    parentSpanContext: { traceId, spanId: 'b7ad6b7169203331' },
  });
  expect(innerSpan).toMatchObject({
    name: 'inner',
    parentSpanContext: { spanId: outerSpan!.spanContext().spanId },
  });
  expect(inner).toBe(`00-${traceId}-${innerSpan!.spanContext().spanId}-01`);
});

test('a batch of several traces is linked to each, and what is no traceparent is passed over', async () => {
  const kept = new KeptSpans();
  const tracing = await traceTo(kept, 'test');
  const other = '00-11111111111111111111111111111111-2222222222222222-01';
  await tracing.span('batch', { from: [gateway, other, 'no traceparent', '00-0-0-zz'] }, async () => {});
  await expect(
    tracing.span('fails', {}, () => Promise.reject(new TypeError('of a made-up key'))),
  ).rejects.toThrow(TypeError);
  await tracing[Symbol.asyncDispose]();
  const [batch, fails] = kept.getFinishedSpans();
  expect(batch?.links.map(({ context }) => context.traceId)).toEqual([traceId, '1'.repeat(32)]);
  // The message of an error may hold what no trace should.
  expect(fails?.status).toEqual({ code: 2, message: 'TypeError' });
});

test('spans go where the standard variable says, under the name of the service', async () => {
  const received = Promise.withResolvers<{ url: string; body: unknown }>();
  const server = createServer(async (request, response) => {
    received.resolve({ url: request.url!, body: await json(request) });
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = url;
  try {
    const tracing = await openTracing('ingest', process.env);
    await tracing!.span('take', {}, async () => {});
    await tracing![Symbol.asyncDispose]();
    const { url: path, body } = await received.promise;
    expect(path).toBe('/v1/traces');
    expect(JSON.stringify(body)).toMatch(
      /"service.name","value":\{"stringValue":"tripkey-ingest"\}.*"name":"take"/,
    );
  } finally {
    delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
    server.close();
  }
});
