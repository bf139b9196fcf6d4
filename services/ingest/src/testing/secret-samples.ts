import fc from 'fast-check';

const small = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const letters = `${small.toUpperCase()}${small}${digits}`;

function characters(of: string, length: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...of), { minLength: length, maxLength: length }).map((c) => c.join(''));
}
const base62 = (length: number) => characters(letters, length);
const hex = (length: number) => characters('0123456789abcdef', length);

/** A made-up secret. */
export interface SecretSample {
  readonly text: string;
  /** What must not be found anywhere. */
  readonly secretPart: string;
}

function joined(separator: string, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((texts) => texts.join(separator));
}

/**
 * Forms of well-known issuers: what they begin with, and the secret that follows. Put together at run time, so that
 * no scanner takes this file for a leak.
 */
const forms: Readonly<Record<string, readonly [begin: string, secret: fc.Arbitrary<string>]>> = {
  stripe: [['sk', 'live', ''].join('_'), base62(24)],
  stripe_restricted: [['rk', 'live', ''].join('_'), base62(32)],
  webhook_signing: ['whsec_', base62(32)],
  github: ['ghp_', base62(36)],
  github_fine_grained: ['github_pat_', base62(60)],
  gitlab: ['glpat-', base62(20)],
  slack_bot: ['xoxb-', joined('-', characters(digits, 11), base62(24))],
  openai: ['sk-proj-', joined('', base62(30), characters(digits, 2), base62(10))],
  google: ['AIza', base62(35)],
  sendgrid: ['SG.', joined('.', base62(22), base62(43))],
  mailgun: ['key-', hex(32)],
  hubspot: ['pat-na1-', joined('-', hex(8), hex(4), hex(4), hex(4), hex(12))],
  shopify: ['shpat_', hex(32)],
  square: ['sq0atp-', base62(22)],
  npm: ['npm_', base62(36)],
  pypi: ['pypi-', base62(80)],
  hugging_face: ['hf_', base62(34)],
  digitalocean: ['dop_v1_', hex(64)],
  vault: ['hvs.', base62(24)],
  databricks: ['dapi', hex(32)],
  linear: ['lin_api_', base62(40)],
  tripkey: ['tripkey_', base62(43)],
  jwt: ['eyJ', joined('.', base62(20), base62(40), base62(43))],
  bearer: ['Bearer ', base62(40)],
};
export const secretFormNames: readonly string[] = Object.keys(forms);

/** A secret of one form. */
export function aSecretOf(name: string): fc.Arbitrary<SecretSample> {
  const [begin, secret] = forms[name]!;
  return secret.map((secretPart) => ({ text: begin + secretPart, secretPart }));
}

/** A secret of any of the forms. */
export const aSecret: fc.Arbitrary<SecretSample> = fc.oneof(...secretFormNames.map(aSecretOf));
