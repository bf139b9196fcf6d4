import { AuditTrail } from '@tripkey/alerter';
import { systemClock } from '@tripkey/service-kit';
import { expect, test } from 'vitest';
import { onRecord } from './on-record.ts';

const wish = { account: 'acct_gone', by: 'alice', reason: 'they asked', incidentIds: ['i_1'] };
const erasure = { keys: 1, rows: { keys_v1: 1 }, changed: {} };

/** A trail whose lines can be seen; the log is `closed` from the start, or takes them. */
function aTrail({ closed = false } = {}) {
  const kinds: string[] = [];
  const log = {
    append: async (lines: readonly { readonly kind: string }[]) => {
      if (closed) throw new Error('no log');
      kinds.push(...lines.map(({ kind }) => kind).filter((kind) => kind !== 'chain_opened'));
    },
    heads: async () => [],
    recorded: async () => new Set<string>(),
    lines: async () => [],
  };
  return { kinds, trail: new AuditTrail({ log, clock: systemClock }) };
}

test('an erasure is on record before it begins, and when it has ended', async () => {
  const { kinds, trail } = aTrail();
  const erased = await onRecord(trail, wish, async () => {
    expect(kinds).toEqual(['account_erase_begun']);
    return erasure;
  });
  expect([erased, kinds]).toEqual([erasure, ['account_erase_begun', 'account_erased']]);
});

test('an erasure that fails is on record as that', async () => {
  const { kinds, trail } = aTrail();
  await expect(onRecord(trail, wish, () => Promise.reject(new Error('no store')))).rejects.toThrow(
    'no store',
  );
  expect(kinds).toEqual(['account_erase_begun', 'account_erase_failed']);
});

test('nothing is erased that cannot be put on record', async () => {
  let begun = false;
  const erase = async () => {
    begun = true;
    return erasure;
  };
  await expect(onRecord(aTrail({ closed: true }).trail, wish, erase)).rejects.toThrow('no log');
  expect(begun).toBe(false);
});
