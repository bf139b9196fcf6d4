import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteTable, notKnown } from './byte-table.ts';
import { KnownTexts } from './known-texts.ts';

const textsMax = 8;
const steps = fc.array(fc.tuple(fc.uint8Array({ maxLength: 3, max: 2 }), fc.nat(9)), { maxLength: 60 });

test('it answers as a Map would that is emptied when it is full', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const table = new ByteTable(textsMax);
      const model = new Map<string, number>();
      for (const [bytes, value] of list) {
        const name = bytes.join();
        const around = Uint8Array.from([7, ...bytes, 7]);
        expect(table.get(around, 1, bytes.length + 1)).toBe(model.get(name) ?? notKnown);
        if (model.size === textsMax) model.clear();
        table.set(around, 1, bytes.length + 1, value);
        model.set(name, value);
      }
    }),
  );
});

test('each text is looked into once, as long as there is room', () => {
  let looked = 0;
  const texts = new KnownTexts(2, (text) => ({ text, number: looked++ }));
  const get = (text: string) => texts.get(Buffer.from(`-${text}`), 1, text.length + 1);
  expect([get('a'), get('b'), get('a'), get('b')].map(({ text }) => text)).toEqual(['a', 'b', 'a', 'b']);
  expect(looked).toBe(2);
  expect([get('c'), get('a'), get('c')].map(({ number }) => number)).toEqual([2, 3, 2]);
});
