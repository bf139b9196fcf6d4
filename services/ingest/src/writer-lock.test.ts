import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WriterLock } from './writer-lock.ts';

test('who is alone is alone, and everybody gets a turn', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.boolean(), fc.nat(3), fc.nat(3)), { maxLength: 20 }),
      async (writes) => {
        const lock = new WriterLock();
        const inside = { beside: 0, alone: 0 };
        const write = async (kind: 'beside' | 'alone', turns: number) => {
          inside[kind]++;
          expect(kind === 'alone' ? inside.beside + inside.alone : inside.alone).toBe(
            kind === 'alone' ? 1 : 0,
          );
          for (let i = 0; i < turns; i++) await setImmediate();
          inside[kind]--;
        };
        const all: Promise<void>[] = [];
        for (const [alone, turns, pause] of writes) {
          all.push(
            alone ? lock.alone(() => write('alone', turns)) : lock.beside(() => write('beside', turns)),
          );
          for (let i = 0; i < pause; i++) await setImmediate();
        }
        await Promise.all(all);
        expect(inside).toEqual({ beside: 0, alone: 0 });
      },
    ),
    { numRuns: 50 },
  );
});

test('a write that fails lets the next one in', async () => {
  const lock = new WriterLock();
  const failing = () => Promise.reject(new Error('failed'));
  await expect(lock.alone(failing)).rejects.toThrow('failed');
  await expect(lock.beside(failing)).rejects.toThrow('failed');
  expect(await lock.alone(async () => 'in')).toBe('in');
});
