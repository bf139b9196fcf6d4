import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { anEvent } from '@tripkey/contract/testing';
import { Metrics, systemClock } from '@tripkey/service-kit';
import { eventually, silentLogger } from '@tripkey/service-kit/testing';
import { InMemoryBroker } from '@tripkey/stream/memory';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ingest } from './ingest.ts';
import { aPipeline, positions, RecordingStore, testArrival } from './testing/index.ts';

const folder = fileURLToPath(new URL('formats/fixtures/', import.meta.url));
const objects = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => readFileSync(`${folder}${name}`));
const seeds = [
  ...objects,
  Buffer.from(JSON.stringify([anEvent(), anEvent({ tags: { team: 'forms' } })])),
  Buffer.from(`${JSON.stringify(anEvent())}\n${JSON.stringify(anEvent())}\n`),
];

/** Bytes that were an event once: flipped, cut out, doubled, joined with others, anywhere. */
const brokenBytes = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.uint8Array({ minLength: 1, maxLength: 8 })), { maxLength: 8 }),
    fc.constantFrom(...seeds),
  )
  .map(([seed, changes, other]) => {
    let bytes = Buffer.from(seed);
    for (const [where, kind, noise] of changes) {
      const at = where % (bytes.length + 1);
      const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
      if (kind === 0) bytes = Buffer.concat([head, noise, tail.subarray(noise.length)]);
      else if (kind === 1) bytes = Buffer.concat([head, noise, tail]);
      else if (kind === 2) bytes = Buffer.concat([head, tail.subarray(noise[0]!)]);
      else bytes = Buffer.concat([head, other.subarray(at % other.length), tail]);
    }
    return bytes;
  });

/** JSON in which any value may be anything, names that mean something to JavaScript included. */
const brokenEvent = fc
  .tuple(
    fc.constantFrom(...objects.map((object) => JSON.parse(object.toString()))),
    fc.dictionary(
      fc.constantFrom(
        'ts',
        'key_id',
        'tags',
        'status',
        'request',
        'attributes',
        'data',
        '__proto__',
        'toString',
      ),
      fc.jsonValue(),
    ),
  )
  .map(([element, changes]) => Buffer.from(JSON.stringify({ ...element, ...changes })));

/** What makes a careless reader slow or large: depth, length, and texts on which patterns go back and forth. */
const heavy = [
  '['.repeat(200_000),
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `{"resourceSpans":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
  JSON.stringify(anEvent({ path: `/${'a-'.repeat(2_000)}!` })),
  JSON.stringify(anEvent({ path: `/${'1'.repeat(4_000)}x` })),
  JSON.stringify(anEvent({ user_agent: 'eyJ'.repeat(340) })),
  JSON.stringify(anEvent({ user_agent: `${'token '.repeat(160)}=` })),
  JSON.stringify({ ...anEvent(), path: 'sk-'.repeat(400_000) }),
  JSON.stringify({ started_at: 1, latencies: {}, request: { uri: `/?${'%'.repeat(500_000)}` } }),
  'a'.repeat(2_000_000),
  '1 '.repeat(500_000),
  '\n'.repeat(500_000),
  '\u0000'.repeat(100_000),
].map((text) => Buffer.from(text));

test('whatever bytes come, nothing is thrown and each element is one row or one dead letter', () => {
  const pipeline = aPipeline();
  const position = { topic: 'events', partition: 0, offset: 0n };
  fc.assert(
    fc.property(fc.oneof(brokenBytes, brokenEvent), (bytes) => {
      const { rows, deadLetters } = pipeline.take(bytes, position, testArrival);
      const idx = [...rows, ...deadLetters].map((item) => item._idx).toSorted((a, b) => a - b);
      expect(idx).toEqual(idx.map((_, i) => i));
      expect(deadLetters.map(({ reason }) => reason)).not.toContain('internal_error');
    }),
    { numRuns: 500 },
  );
});

test('no input stops or stalls a consumer: the event behind it is stored', async () => {
  const broker = new InMemoryBroker();
  await broker.ensureTopics(['events', 'dlq'].map((topic) => ({ topic, partitions: 1 })));
  const store = new RecordingStore();
  const stop = new AbortController();
  const running = ingest(
    {
      topic: 'events',
      source: broker.source('events', 'group'),
      deadLetters: broker.sink('dlq'),
      store,
      pipeline: aPipeline(),
      clock: systemClock,
      log: silentLogger,
      metrics: new Metrics(),
      rejects: { ratioMax: 1, consecutiveMax: 1e9 },
    },
    stop.signal,
  );
  const noise = fc.sample(fc.oneof(brokenBytes, brokenEvent, fc.uint8Array()), { numRuns: 500, seed: 7 });
  const messages = [...heavy, ...noise].map((value) => ({ value }));
  await broker.sink('events').send([...messages, { value: null }, { value: JSON.stringify(anEvent()) }]);
  const last = `0/${messages.length + 1}/0`;
  await eventually(() => expect(positions(store)).toContain(last));
  stop.abort();
  await running;
});
