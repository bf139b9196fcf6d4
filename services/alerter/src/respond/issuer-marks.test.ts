import { expect, test, vi } from 'vitest';
import { FakeIssuer } from '../testing/fake-issuer.ts';
import { IssuerMarks } from './issuer-marks.ts';

const { signal } = new AbortController();

test('an issuer is asked about a key once a minute, and believed anew then', async () => {
  const issuer = new FakeIssuer();
  const read = vi.spyOn(issuer, 'read').mockResolvedValue({ state: 'active', protected: true });
  const marks = new IssuerMarks();
  for (const nowMs of [0, 1_000, 59_000])
    expect(await marks.isProtected(issuer, 'key_1', nowMs, signal)).toBe(true);
  expect(read).toHaveBeenCalledTimes(1);
  read.mockResolvedValue({ state: 'active' });
  expect(await marks.isProtected(issuer, 'key_2', 59_000, signal)).toBe(false);
  expect(await marks.isProtected(issuer, 'key_1', 60_000, signal)).toBe(false);
});

test('one that gives no clear answer leaves it open, and is asked again soon', async () => {
  const issuer = new FakeIssuer();
  const read = vi
    .spyOn(issuer, 'read')
    .mockResolvedValue({ state: 'unknown', why: 'timeout', afterMs: 1_000 });
  const marks = new IssuerMarks();
  for (const nowMs of [0, 4_999])
    expect(await marks.isProtected(issuer, 'key_1', nowMs, signal)).toBe('unknown');
  expect(read).toHaveBeenCalledTimes(1);
  read.mockResolvedValue({ state: 'active', protected: true });
  expect(await marks.isProtected(issuer, 'key_1', 5_000, signal)).toBe(true);
});
