import { RequestEvent } from '@tripkey/contract';
import { eventually, ManualClock } from '@tripkey/service-kit/testing';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { createEmitter } from './create-emitter.ts';
import type { EmitterClock } from './emitter-clock.ts';
import type { EmittedEvent, RequestFacts } from './event.ts';
import { SendLaterError, type Transport } from './transport.ts';

const facts: RequestFacts = { key_id: 'key_1', method: 'GET', route: '/v1/leads', status: 200 };

/** Keeps what it is sent; answers the first calls as it is told. */
class RecordingTransport implements Transport {
  readonly attempts: (readonly EmittedEvent[])[] = [];
  readonly events: EmittedEvent[] = [];
  readonly failures: unknown[] = [];

  async send(events: readonly EmittedEvent[]): Promise<undefined> {
    this.attempts.push(events);
    if (this.failures.length > 0) throw this.failures.shift();
    this.events.push(...events);
  }
}

/** Nobody waits, and the waits asked for are kept. */
class HastyClock implements EmitterClock {
  readonly waits: number[] = [];

  now(): number {
    return Date.parse('2026-03-02T10:00:00.000Z');
  }

  async sleep(ms: number): Promise<void> {
    this.waits.push(ms);
  }
}

type Options = Partial<Omit<Parameters<typeof createEmitter>[0], 'transport'>>;
const emitterInto = (transport: Transport, options: Options = {}) =>
  createEmitter({ transport, gateway: 'edge-1', clock: new HastyClock(), ...options });
const numbers = (events: readonly EmittedEvent[]) => events.map((event) => event.gateway_seq);

describe('an emitted event', () => {
  test('is what the contract asks for', async () => {
    const transport = new RecordingTransport();
    const emitter = emitterInto(transport);
    emitter.emit({
      ...facts,
      path: '/v1/leads?email=a@b.example',
      client_ip: '203.0.113.7',
      tags: { a: 'b' },
    });
    await emitter.flush();
    const event = RequestEvent.strict().parse(transport.events[0]);
    expect(event).toMatchObject({
      ts: '2026-03-02T10:00:00.000Z',
      gateway: 'edge-1',
      gateway_seq: 1,
      path: '/v1/leads',
    });
    expect(event.event_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('fits the contract whatever was handed over, or is counted as invalid', async () => {
    const longText = fc.integer({ min: 0, max: 5_000 }).map((pairs) => `/${'\u{1f600}'.repeat(pairs)}`);
    const odd = fc.dictionary(fc.constantFrom(...Object.keys(RequestEvent.shape)), fc.anything());
    await fc.assert(
      fc.asyncProperty(odd, longText, async (fields, text) => {
        const transport = new RecordingTransport();
        const emitter = emitterInto(transport);
        const { outcome: _, ...rest } = fields;
        emitter.emit({ ...facts, path: text, user_agent: text, ...rest } as RequestFacts);
        expect(await emitter.flush()).toBe(true);
        const { sent, dropped } = emitter.stats();
        expect(sent + dropped.invalid).toBe(1);
        for (const event of transport.events) {
          expect(() => RequestEvent.strict().parse(JSON.parse(JSON.stringify(event)))).not.toThrow();
        }
      }),
    );
  });

  test('holds nothing of the object that the contract does not name', async () => {
    const transport = new RecordingTransport();
    const emitter = emitterInto(transport);
    emitter.emit({ ...facts, authorization: 'Bearer secret', toJSON: () => 'secret' } as RequestFacts);
    await emitter.flush();
    expect(JSON.stringify(transport.events)).not.toContain('secret');
  });

  test.each([
    null,
    7,
    {},
    { ...facts, key_id: '' },
    { ...facts, status: 99 },
    { ...facts, ts: 'yesterday' },
    () => {
      throw new Error('broken');
    },
  ])('that is none (%j) is counted, leaves a gap and never throws', async (given) => {
    const transport = new RecordingTransport();
    const onDrop = vi.fn();
    const emitter = emitterInto(transport, { onDrop });
    emitter.emit(given as never);
    emitter.emit(facts);
    await emitter.flush();
    expect(emitter.stats().dropped.invalid).toBe(1);
    expect(onDrop.mock.calls[0]?.slice(0, 2)).toEqual([1, 'invalid']);
    expect(numbers(transport.events)).toEqual([2]);
  });
});

describe('batches', () => {
  test('leave flushMs after their first event, or at once when full', async () => {
    const clock = new ManualClock();
    const transport = new RecordingTransport();
    const emitter = emitterInto(transport, { clock, flushMs: 1_000, batchEventsMax: 3 });
    emitter.emit(facts);
    emitter.emit(facts);
    await clock.advance(999);
    expect(transport.attempts).toEqual([]);
    await clock.advance(1);
    await eventually(() => expect(numbers(transport.events)).toEqual([1, 2]));

    for (let i = 0; i < 3; i++) emitter.emit(facts);
    await eventually(() => expect(transport.events).toHaveLength(5));
  });

  test('keep the order of their events', async () => {
    const transport = new RecordingTransport();
    const emitter = emitterInto(transport, { batchEventsMax: 10 });
    for (let i = 0; i < 95; i++) emitter.emit(facts);
    await emitter.flush();
    expect(numbers(transport.events)).toEqual(Array.from({ length: 95 }, (_, i) => i + 1));
    expect(transport.attempts.map((batch) => batch.length)).toEqual([...Array<number>(9).fill(10), 5]);
  });

  test('come again unchanged after a failure, so that the other end can count them once', async () => {
    const transport = new RecordingTransport();
    const clock = new HastyClock();
    transport.failures.push(new TypeError('fetch failed'), new SendLaterError('busy', 7_000));
    const onRetry = vi.fn();
    const emitter = emitterInto(transport, { clock, onRetry, flushMs: 0 });
    emitter.emit(facts);
    emitter.emit(facts);
    await emitter.flush();
    expect(transport.attempts[2]).toEqual(transport.attempts[0]);
    expect(emitter.stats()).toMatchObject({ sent: 2, retries: 2, waiting: 0 });
    expect(onRetry).toHaveBeenLastCalledWith(expect.objectContaining({ message: 'busy' }), 2);
    expect(clock.waits.at(-1)).toBe(7_000);
  });

  test('wait longer and longer, up to half a minute', async () => {
    const transport = new RecordingTransport();
    const clock = new HastyClock();
    transport.failures.push(...Array.from({ length: 20 }, () => new Error('away')));
    const emitter = emitterInto(transport, { clock });
    emitter.emit(facts);
    await emitter.flush();
    const [first = 0, ...later] = clock.waits.slice(-20);
    expect(first).toBeLessThanOrEqual(200);
    expect(Math.max(...later)).toBeLessThanOrEqual(30_000);
    expect(later.at(-1)).toBeGreaterThanOrEqual(15_000);
  });

  test('what of a batch is refused for good is counted', async () => {
    const emitter = emitterInto({ send: async () => ({ refused: 1 }) });
    for (let i = 0; i < 4; i++) emitter.emit(facts);
    await emitter.flush();
    expect(emitter.stats()).toMatchObject({ sent: 3, dropped: { refused: 1 } });
  });
});

describe('while the other end is away', () => {
  function away() {
    const transport = new RecordingTransport();
    const gate = Promise.withResolvers<void>();
    const send = async (events: readonly EmittedEvent[]) => {
      await gate.promise;
      return transport.send(events);
    };
    return { transport, away: { send }, comeBack: gate.resolve };
  }

  test('the oldest that wait give way when the buffer is full, and the gap shows how many', async () => {
    const { transport, away: gone, comeBack } = away();
    const onDrop = vi.fn();
    const clock = new ManualClock();
    const emitter = emitterInto(gone, { clock, eventsMax: 5, onDrop });
    for (let i = 0; i < 8; i++) emitter.emit(facts);
    expect(emitter.stats()).toMatchObject({ waiting: 5, dropped: { buffer_full: 3 } });
    expect(onDrop).toHaveBeenCalledTimes(3);
    comeBack();
    await emitter.flush();
    expect(numbers(transport.events)).toEqual([4, 5, 6, 7, 8]);
  });

  test('a flush gives up when told to, and loses nothing', async () => {
    const { away: gone, comeBack } = away();
    const emitter = emitterInto(gone);
    emitter.emit(facts);
    expect(await emitter.flush(1)).toBe(false);
    comeBack();
    expect(await emitter.flush()).toBe(true);
    expect(emitter.stats().sent).toBe(1);
  });

  test('a flush is not satisfied by what is lost later', async () => {
    const { away: gone, comeBack } = away();
    const emitter = emitterInto(gone);
    emitter.emit(facts);
    const flushed = emitter.flush(60_000);
    emitter.emit({ ...facts, status: 0 });
    expect(await Promise.race([flushed, new Promise((resolve) => setImmediate(resolve, 'waits'))])).toBe(
      'waits',
    );
    comeBack();
    expect(await flushed).toBe(true);
  });

  test('closing ends, and says what was lost', async () => {
    const clock = new ManualClock();
    const transport = new RecordingTransport();
    transport.failures.push(new SendLaterError('busy', 3_600_000));
    const emitter = emitterInto(transport, { clock, batchEventsMax: 2 });
    for (let i = 0; i < 5; i++) emitter.emit(facts);
    expect(await emitter.close(1)).toMatchObject({ emitted: 5, waiting: 0, sent: 0, dropped: { closed: 5 } });
    emitter.emit(facts);
    expect(emitter.stats().dropped.closed).toBe(6);
    expect(await emitter.flush()).toBe(true);
  });
});

test('every event is sent, dropped for a reason, or waits, whatever the transport does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('taken', 'refused', 'later', 'broken'), { maxLength: 12 }),
      fc.integer({ min: 1, max: 30 }),
      async (fates, count) => {
        const ids = new Set<string>();
        const send: Transport['send'] = async (events) => {
          const fate = fates.shift() ?? 'taken';
          if (fate === 'later') throw new SendLaterError('later', 1);
          if (fate === 'broken') throw new Error('broken');
          if (fate === 'refused') return { refused: events.length };
          for (const event of events) ids.add(event.event_id);
          return undefined;
        };
        const emitter = emitterInto({ send }, { batchEventsMax: 4, eventsMax: 20 });
        for (let i = 0; i < count; i++) emitter.emit(facts);
        expect(await emitter.flush()).toBe(true);
        const { emitted, sent, waiting, dropped } = emitter.stats();
        expect([emitted, waiting, ids.size]).toEqual([count, 0, sent]);
        expect(sent + Object.values(dropped).reduce((a, b) => a + b)).toBe(count);
      },
    ),
    { numRuns: 50 },
  );
});

test('what the handlers throw is counted and stops nothing', async () => {
  const broken = () => {
    throw new Error('handler');
  };
  const transport = new RecordingTransport();
  transport.failures.push(new Error('once'));
  const emitter = emitterInto(transport, { onDrop: broken, onRetry: broken, eventsMax: 1 });
  emitter.emit(facts);
  emitter.emit(facts);
  expect(await emitter.flush()).toBe(true);
  expect(emitter.stats()).toMatchObject({ sent: 1, handlerFaults: 2 });
});

test('options that cannot work are said at once', () => {
  const send = async () => undefined;
  expect(() => createEmitter({ transport: { send }, gateway: '' })).toThrow(TypeError);
  expect(() => createEmitter({ transport: { send }, gateway: 'a', eventsMax: 0 })).toThrow(TypeError);
  expect(() => createEmitter({ transport: { send }, gateway: 'a', heartbeatMs: 500 })).toThrow(TypeError);
});
