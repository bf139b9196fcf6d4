import { topics } from '@tripkey/contract';
import { anEvent } from '@tripkey/contract/testing';
import type { OutRecord } from '@tripkey/stream';
import { expect, test } from 'vitest';
import { replayDeadLetters } from './replay-dead-letters.ts';
import { aPipeline, testArrival } from './testing/index.ts';

async function replay(originals: readonly string[], stream = 'events') {
  const records: OutRecord[] = [];
  const letters = originals.map((original, i) => ({ place: `${stream}/0/${i}/0`, original }));
  const outcome = await replayDeadLetters(letters, { send: async (sent) => void records.push(...sent) });
  const position = { topic: 'events', partition: 0, offset: 99n };
  const taken = records.map(({ value, headers }) =>
    aPipeline({ format: 'kong' }).take(Buffer.from(value!), position, testArrival, headers),
  );
  return { ...outcome, records, taken };
}

test('a repaired letter becomes an event, in a topic of any format', async () => {
  const { sent, taken } = await replay([JSON.stringify(anEvent())]);
  expect(sent).toBe(1);
  expect(taken[0]).toMatchObject({ rows: [{ key_id: 'key_forms_1' }], deadLetters: [] });
});

test('one without an id has the same id each time it is replayed', async () => {
  const { event_id: _, ...event } = anEvent();
  const { taken } = await replay([JSON.stringify(event)]);
  expect(taken[0]!.rows[0]!.event_id).toBe('events/0/0/0');
});

test('one that is not repaired becomes a dead letter again', async () => {
  const { taken } = await replay([JSON.stringify(anEvent({ status: 9_999 }))]);
  expect(taken[0]).toMatchObject({ rows: [], deadLetters: [{ reason: 'invalid_field' }] });
});

test('what is no JSON object is told, not sent', async () => {
  const { sent, unusable } = await replay(['not json', '[]', '{}', JSON.stringify(anEvent())]);
  expect(sent).toBe(1);
  expect(unusable).toEqual(['events/0/0/0', 'events/0/1/0', 'events/0/2/0']);
});

test.each([topics.keys, topics.gateways, 'http-heartbeats'])('a letter of %s is no event', async (stream) => {
  const { sent, unusable } = await replay([JSON.stringify(anEvent())], stream);
  expect([sent, unusable]).toEqual([0, [`${stream}/0/0/0`]]);
});
