import { expect, test } from 'vitest';
import { hashSecret, secretFingerprint } from './secret-fingerprint.ts';

test('a secret is hashed as everybody does it', () => {
  // FIPS 180-2, appendix B.1
  expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('equal secrets have equal fingerprints, and each pepper its own', () => {
  const hash = hashSecret('tk_demo_made-up-secret');
  const fingerprint = secretFingerprint('pepper of this test', hash);
  expect(fingerprint).toMatch(/^[0-9a-f]{32}$/);
  expect(secretFingerprint('pepper of this test', hash.toUpperCase())).toBe(fingerprint);
  expect(secretFingerprint('another pepper here', hash)).not.toBe(fingerprint);
});
