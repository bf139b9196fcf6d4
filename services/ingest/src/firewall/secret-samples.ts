import fc from 'fast-check';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const base62 = (length: number) =>
  fc.array(fc.constantFrom(...letters), { minLength: length, maxLength: length }).map((c) => c.join(''));
const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((c) => c.join(''));

/**
 * Made-up secrets in the forms of well-known issuers, as [the whole, the part that must stay secret]. Put together
 * at run time, so that no scanner takes this file for a leak.
 */
export const aSecret: fc.Arbitrary<{ text: string; secretPart: string }> = fc.oneof(
  withPrefix(['sk', 'live', ''].join('_'), base62(24)),
  withPrefix('ghp_', base62(36)),
  withPrefix('glpat-', base62(20)),
  withPrefix('xoxb-', base62(24)),
  withPrefix('AIza', base62(35)),
  withPrefix(
    'SG.',
    fc.tuple(base62(22), base62(43)).map(([a, b]) => `${a}.${b}`),
  ),
  withPrefix('key-', hex(32)),
  withPrefix('npm_', base62(36)),
  withPrefix('shpat_', hex(32)),
  withPrefix('whsec_', base62(32)),
  withPrefix(
    'eyJ',
    fc.tuple(base62(20), base62(40), base62(43)).map((parts) => parts.join('.')),
  ),
  withPrefix('Bearer ', base62(40)),
);

function withPrefix(prefix: string, rest: fc.Arbitrary<string>) {
  return rest.map((secretPart) => ({ text: prefix + secretPart, secretPart }));
}
