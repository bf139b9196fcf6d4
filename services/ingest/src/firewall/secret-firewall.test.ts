import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aSecret } from '../testing/secret-samples.ts';
import { looksRandom } from './looks-random.ts';
import { isOrdinaryIdIn, mayHoldSecret, mayHoldSecretIn } from './may-hold-secret.ts';
import { createSecretFirewall, type LeakKind } from './secret-firewall.ts';
import { knownSecretFormat } from './secret-formats.ts';

const firewall = createSecretFirewall('a pepper for tests only');
const ignore = () => {};
const githubToken = `ghp_${'a1B2c3D4'.repeat(4)}`;
const unknownForm = 'q7Xv2Lm9Tz4Rk8Wd1Hn6Yb3Cj5Fs0Gp2Ea7Uo4';

function leaksOf(work: (note: (field: string, kind: LeakKind) => void) => string) {
  const leaks: string[] = [];
  const safe = work((field, kind) => leaks.push(`${field}:${kind}`));
  return { safe, leaks };
}

describe('what looks like a secret', () => {
  test('in a key id is replaced by four characters and a keyed hash', () => {
    const { safe, leaks } = leaksOf((note) => firewall.keyId(githubToken, false, note));
    expect(safe).toMatch(/^ghp_~[0-9a-f]{32}$/);
    expect(leaks).toEqual(['key_id:github']);
  });

  test('in a path costs only its own segment', () => {
    const { safe, leaks } = leaksOf((note) => firewall.path('path', `/hooks/${githubToken}/leads`, note));
    expect(safe).toMatch(/^\/hooks\/ghp_~[0-9a-f]{32}\/leads$/);
    expect(leaks).toEqual(['path:github']);
  });

  test('without a known form is found by its randomness', () => {
    const { safe, leaks } = leaksOf((note) => firewall.text('user_agent', `sync/1.0 (${unknownForm})`, note));
    expect(safe).toMatch(/^sync\/1\.0 \(q7Xv~[0-9a-f]{32}\)$/);
    expect(leaks).toEqual(['user_agent:random']);
  });

  test.each([
    ['https://svc:Hunter2Pass@api.example.com/v1', 'https://svc:Hu~'],
    ['see redis://:Hunter2Pass@cache:6379 and http://host:8080/@me', 'see redis://:Hu~'],
  ])('stands in a URL before its host: %s', (text, begin) => {
    const { safe, leaks } = leaksOf((note) => firewall.text('tags', text, note));
    expect(safe.startsWith(begin)).toBe(true);
    expect(safe).not.toContain('er2Pass');
    expect(leaks).toEqual(['tags:url_password']);
    expect(leaksOf((note) => firewall.text('tags', safe, note))).toEqual({ safe, leaks: [] });
  });

  test('stays comparable: equal secrets become equal, other peppers make others', () => {
    const again = createSecretFirewall('a pepper for tests only').keyId(githubToken, false, ignore);
    const other = createSecretFirewall('some other pepper here').keyId(githubToken, false, ignore);
    expect(again).toBe(firewall.keyId(githubToken, false, ignore));
    expect(other).not.toBe(again);
  });

  test('is replaced every time, also when it was seen before', () => {
    const count = () => leaksOf((note) => firewall.text('tags', githubToken, note)).leaks.length;
    expect([count(), count()]).toEqual([1, 1]);
  });

  test('is replaced in a registered key id too, when it has the form of a secret', () => {
    expect(firewall.keyId(githubToken, true, ignore)).not.toBe(githubToken);
  });
});

describe('what is public stays', () => {
  test.each([
    ['key_100607wt96k'],
    ['key_2cGKbMxRyIzhCxo1Idjz8q'],
    ['0192f0c4-7d3e-7abc-8def-0123456789ab'],
    ['AKIAIOSFODNN7EXAMPLE'],
    ['acme-forms-production-2026'],
    ['a1b2c3d4e5'],
  ])('key id %s', (keyId) => {
    expect(firewall.keyId(keyId, false, ignore)).toBe(keyId);
  });

  test('a registered id of any form that is not a known secret', () => {
    expect(firewall.keyId(unknownForm, true, ignore)).toBe(unknownForm);
    expect(firewall.keyId(unknownForm, false, ignore)).not.toBe(unknownForm);
  });

  test.each([
    ['/v1/leads/01HZX3K5V9QJ8W2N4M6P7R0T1S'],
    ['/v1/leads/0192f0c4-7d3e-7abc-8def-0123456789ab/notes'],
    ['/v1/campaigns/the-very-long-name-of-our-spring-campaign-2026-eu'],
    ['/v1/getLeadsByCampaignAndAccountManagerV2/export'],
    ['/sk-sk/leads/sk-bratislava-pobocka'],
    ['/oauth/token'],
  ])('path %s', (path) => {
    expect(firewall.path('path', path, ignore)).toBe(path);
  });

  test.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.6478.127',
    ],
    ['aws-sdk-java/2.20.1 Linux/5.10.226-214.880.amzn2.x86_64 OpenJDK_64-Bit_Server_VM/17.0.12'],
    ['lead-sync/2.1 (build 20260302.1)'],
  ])('agent %s', (agent) => {
    expect(firewall.text('user_agent', agent, ignore)).toBe(agent);
  });

  test('a trace id, although it is random', () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(firewall.id('trace_id', traceId, ignore)).toBe(traceId);
  });
});

test('no secret of a well-known form survives, whatever stands around it', () => {
  const around = fc.constantFrom('', '/', ' ', '"', '/hooks/', 'x=', '%3D', '(', 'a b ');
  fc.assert(
    fc.property(aSecret, around, around, ({ text, secretPart }, before, after) => {
      const whole = before + text + after;
      for (const safe of [
        firewall.keyId(whole, false, ignore),
        firewall.path('path', whole, ignore),
        firewall.text('tags', whole, ignore),
      ]) {
        expect(safe).not.toContain(secretPart);
      }
    }),
  );
});

test('replacing twice changes nothing, so that a replayed dead letter keeps its identity', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        aSecret.map(({ text }) => text),
        fc.string({ maxLength: 300 }),
      ),
      (text) => {
        const once = firewall.text('tags', text, ignore);
        expect(firewall.text('tags', once, ignore)).toBe(once);
        const keyId = firewall.keyId(text, false, ignore);
        expect(firewall.keyId(keyId, false, ignore)).toBe(keyId);
      },
    ),
  );
});

test('a pepper that could be guessed is refused', () => {
  expect(() => createSecretFirewall('short')).toThrow(RangeError);
});

test('random hex of the length of keys looks random, nearly always', () => {
  const hex = fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 40, maxLength: 40 })
    .map((characters) => characters.join(''));
  const samples = fc.sample(hex, { numRuns: 1_000, seed: 7 });
  expect(samples.filter((sample) => looksRandom(sample, 32)).length).toBeGreaterThan(960);
});

test('the quick look never clears a text in which the firewall finds something', () => {
  const around = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('/', '/a/', '{', '}', '.', '%2F'));
  const segment = fc.oneof(fc.uuid(), fc.stringMatching(/^[A-Za-z0-9]{1,14}$/));
  const text = fc.oneof(
    fc.tuple(around, aSecret, around).map(([before, secret, after]) => before + secret.text + after),
    fc.stringMatching(/^(?:sk|gh|xox|key|pat|hooks|Bearer|token|eyJ|[-_./{}=: a-z0-9]){0,12}$/),
    fc.uuid(),
    fc
      .array(fc.oneof(segment, fc.constantFrom('whsec_', 'a.glc_b', 'x', 'EAA')), { maxLength: 6 })
      .map((parts) => parts.join('/')),
  );
  fc.assert(
    fc.property(text, (value) => {
      if (!mayHoldSecret(value)) expect(knownSecretFormat(value)).toBeUndefined();
      const bytes = Buffer.from(value, 'latin1');
      const ascii = bytes.toString('latin1') === value && bytes.every((byte) => byte < 128);
      if (!ascii || mayHoldSecretIn(bytes, 0, bytes.length)) return;
      expect(knownSecretFormat(value)).toBeUndefined();
      expect(firewall.path('path', value, ignore)).toBe(value);
    }),
    { numRuns: 3_000 },
  );
  expect(mayHoldSecret('/whsec_abcdefgh/ijklmnopq')).toBe(true);
});

test('no form of secrets fits into an ordinary id', () => {
  const isOrdinary = (id: string) => isOrdinaryIdIn(Buffer.from(`"${id}"`), 1, 1 + Buffer.byteLength(id));
  const word = fc.oneof(
    fc.stringMatching(/^[0-9a-fA-F]{1,40}$/),
    fc.stringMatching(/^\d[0-9A-Za-z]{0,40}$/),
    fc.stringMatching(/^(?:eaa|EAA|dapi|sk|key|us1|glpat|pat)[0-9a-f]{0,40}$/),
    aSecret.map(({ text }) => text),
  );
  let ordinary = 0;
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), (words) => {
      const id = words.join('-');
      if (!isOrdinary(id)) return;
      ordinary++;
      expect(knownSecretFormat(id)).toBeUndefined();
    }),
    { numRuns: 3_000 },
  );
  expect(ordinary).toBeGreaterThan(500);
  for (const id of [
    '01J9ZQ7R3V8K2M4N6P8Q0RSTVW',
    '019df048dcc7-0000000000',
    '4bf92f3577b34da6a3ce929d0e0e4736',
  ])
    expect(isOrdinary(id)).toBe(true);
});
