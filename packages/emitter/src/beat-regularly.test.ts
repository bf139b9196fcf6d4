import { readFileSync } from 'node:fs';
import { GatewayHeartbeat } from '@tripkey/contract';
import { eventually, ManualClock } from '@tripkey/service-kit/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEmitter } from './create-emitter.ts';
import type { RequestFacts } from './event.ts';
import { emitterName, type Heartbeat } from './heartbeat.ts';
import { SendLaterError, type Transport } from './transport.ts';

const facts: RequestFacts = { key_id: 'key_1', method: 'GET', route: '/v1/leads', status: 200 };
const noRequest: RequestFacts = { ...facts, status: 0 };
const soonMs = 5_000;
const everyMs = 30_000;

const silence = Symbol('no answer ever');

/** Keeps the heartbeats it is sent; answers the first calls as it is told. */
class HeardTransport implements Transport {
  readonly beats: Heartbeat[] = [];
  readonly failures: unknown[] = [];
  attempts = 0;

  send: Transport['send'] = async () => undefined;

  async heartbeat(beat: Heartbeat): Promise<void> {
    this.attempts++;
    const failure = this.failures.shift();
    if (failure === silence) return new Promise<void>(() => {});
    if (failure) throw failure;
    this.beats.push(beat);
  }
}

type Options = Partial<Omit<Parameters<typeof createEmitter>[0], 'transport'>>;
function anEmitter(options: Options = {}, transport = new HeardTransport()) {
  const clock = new ManualClock();
  const emitter = createEmitter({ transport, gateway: 'edge-1', clock, ...options });
  return { clock, transport, emitter };
}

describe('the heartbeats of an emitter', () => {
  test('begin soon after it was made and come regularly, also when nothing is emitted', async () => {
    const { clock, transport } = anEmitter();
    await clock.advance(soonMs);
    await eventually(() => expect(clock.sleepers).toBe(1));
    await clock.advance(10 * everyMs);
    const started_at = '2026-03-02T10:00:00.000Z';
    expect(transport.beats).toHaveLength(11);
    expect(transport.beats[10]).toEqual({
      ...{ gateway: 'edge-1', started_at, sent_at: '2026-03-02T10:05:05.000Z', every_s: 30 },
      ...{ emitted: 0, sent: 0, waiting: 0, retries: 0, emitter: emitterName, ended: false },
      dropped: { buffer_full: 0, invalid: 0, refused: 0, closed: 0 },
    });
  });

  test('tell of a loss soon, and of those that follow together', async () => {
    const { clock, transport, emitter } = anEmitter();
    await clock.advance(soonMs + 1);
    for (let second = 0; second < 60; second++) {
      emitter.emit(noRequest);
      await clock.advance(1_000);
    }
    const times = transport.beats.map(({ sent_at }) => Date.parse(sent_at));
    const gaps = times.slice(1).map((time, i) => time - times[i]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(soonMs);
    expect(Math.max(...gaps)).toBeLessThan(2 * soonMs);
    expect(transport.beats.at(-1)?.dropped.invalid).toBeGreaterThan(50);
  });

  test('that fail are counted, and the next says what they would have said', async () => {
    const { clock, transport, emitter } = anEmitter();
    transport.failures.push(new Error('away'));
    emitter.emit(noRequest);
    await clock.advance(soonMs);
    expect(emitter.stats().heartbeats).toEqual({ sent: 0, failed: 1, fault: 'away' });
    await clock.advance(everyMs);
    expect(emitter.stats().heartbeats).toEqual({ sent: 1, failed: 1 });
    expect(transport.beats).toMatchObject([{ dropped: { invalid: 1 } }]);
  });

  test('leave somebody alone who asks for it, whatever is lost meanwhile', async () => {
    const { clock, transport, emitter } = anEmitter();
    transport.failures.push(new SendLaterError('knows no heartbeats', 3_600_000));
    await clock.advance(soonMs);
    for (let minute = 0; minute < 59; minute++) {
      emitter.emit(noRequest);
      await clock.advance(60_000);
    }
    expect(transport.attempts).toBe(1);
    await clock.advance(60_000);
    expect(transport.beats).toMatchObject([{ dropped: { invalid: 59 } }]);
  });

  test('that nobody answers are given up, and others follow', async () => {
    const { clock, transport, emitter } = anEmitter();
    transport.failures.push(silence);
    await clock.advance(soonMs + 15_000);
    await clock.advance(everyMs);
    expect(emitter.stats().heartbeats).toMatchObject({ sent: 1, failed: 1 });
  });

  test('grow in time when the clock is set back', async () => {
    const transport = new HeardTransport();
    const clock = new ManualClock();
    let setBackMs = 0;
    const late = { now: () => clock.now() - setBackMs, sleep: clock.sleep.bind(clock) };
    createEmitter({ transport, gateway: 'edge-1', clock: late });
    await clock.advance(soonMs + everyMs);
    setBackMs = 3_600_000;
    await clock.advance(2 * everyMs);
    const times = transport.beats.map(({ sent_at }) => sent_at);
    expect(times).toHaveLength(4);
    expect(new Set(times).size).toBe(4);
    expect(times.toSorted()).toEqual(times);
  });

  test.each([
    ['of a transport that knows none', { send: async () => undefined }, {}],
    ['that are not wanted', new HeardTransport(), { heartbeatMs: 0 }],
  ])('%s are none', async (_, transport, options) => {
    const clock = new ManualClock();
    const emitter = createEmitter({ transport, gateway: 'edge-1', clock, ...options });
    expect(clock.sleepers).toBe(0);
    expect((await emitter.close()).heartbeats).toEqual({ sent: 0, failed: 0 });
  });

  test('keep no process alive', () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    createEmitter({ transport: new HeardTransport(), gateway: 'edge-1' });
    expect(timers()).toBe(before);
  });
});

describe('the last heartbeat', () => {
  test('leaves when the emitter is closed, with all that is counted by then, and no other follows', async () => {
    const { clock, transport, emitter } = anEmitter();
    emitter.emit(facts);
    emitter.emit(noRequest);
    const stats = await emitter.close();
    await emitter.close();
    await clock.advance(10 * everyMs);
    expect(transport.beats).toMatchObject([{ ended: true, emitted: 2, sent: 1, dropped: { invalid: 1 } }]);
    expect(stats.heartbeats).toEqual({ sent: 1, failed: 0 });
  });

  test('tells of the events that closing gave up', async () => {
    const transport = new HeardTransport();
    transport.send = () => new Promise((_, reject) => setImmediate(reject, new Error('away')));
    const { emitter } = anEmitter({}, transport);
    emitter.emit(facts);
    await emitter.close(1);
    expect(transport.beats).toMatchObject([{ ended: true, waiting: 0, dropped: { closed: 1 } }]);
  });

  test('holds nobody up longer than closing may take', async () => {
    const transport = new HeardTransport();
    transport.failures.push(silence);
    const { emitter } = anEmitter({}, transport);
    expect((await emitter.close(1)).heartbeats).toMatchObject({ sent: 0, failed: 1 });
  });

  test('is not for who asked to be left alone', async () => {
    const { clock, transport, emitter } = anEmitter();
    transport.failures.push(new SendLaterError('knows no heartbeats', 3_600_000));
    await clock.advance(soonMs);
    await emitter.close();
    expect(transport.attempts).toBe(1);
  });
});

test('every heartbeat is what the contract asks for and accounts for every event', async () => {
  const deed = fc.constantFrom('emit', 'emit', 'emit', 'no request', 'wait', 'fail', 'refuse');
  await fc.assert(
    fc.asyncProperty(
      fc.array(deed, { maxLength: 40 }),
      fc.integer({ min: 1_000, max: 90_000 }),
      async (deeds, heartbeatMs) => {
        const fates: string[] = [];
        const beats: Heartbeat[] = [];
        const transport: Transport = {
          async send(events) {
            const fate = fates.shift();
            if (fate === 'fail') throw new Error('away');
            return { refused: fate === 'refuse' ? events.length : 0 };
          },
          heartbeat: async (beat) => void beats.push(beat),
        };
        const { clock, emitter } = anEmitter(
          { heartbeatMs, eventsMax: 3, batchEventsMax: 2 },
          transport as HeardTransport,
        );
        for (const what of deeds) {
          if (what === 'emit') emitter.emit(facts);
          else if (what === 'no request') emitter.emit(noRequest);
          else if (what === 'wait') await clock.advance(7_000);
          else fates.push(what);
        }
        await emitter.close(1);
        expect(beats.at(-1)?.ended).toBe(true);
        for (const beat of beats) {
          const { emitted, sent, waiting, dropped } = GatewayHeartbeat.strict().parse(
            JSON.parse(JSON.stringify(beat)),
          );
          expect(sent + waiting + Object.values(dropped).reduce((a, b) => a + b)).toBe(emitted);
        }
        const times = beats.map(({ sent_at }) => sent_at);
        expect(times).toEqual([...new Set(times)].toSorted());
      },
    ),
    { numRuns: 50 },
  );
});

test('the name that heartbeats carry is that of the package', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(emitterName).toBe(`${name} ${version}`);
});
