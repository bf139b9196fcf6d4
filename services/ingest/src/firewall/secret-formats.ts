/**
 * Forms that issuers give to their secrets so that scanners can recognise them. Public ids that look alike (AWS
 * `AKIA…`, Stripe `pk_…`) are not listed: they are what `key_id` is for.
 */
const issuers = {
  stripe: '(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}',
  webhook_signing: 'whsec_[A-Za-z0-9+/=]{16,}',
  github: String.raw`gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,}`,
  gitlab: String.raw`gl(?:pat|ptt|dt|rt|cbt|agent|soat|imt|ft)-[\w-]{16,}`,
  slack: String.raw`xox[a-z]-[\w-]{10,}|xapp-[\w-]{10,}|hooks\.slack\.com/services/[\w/]+`,
  openai: String.raw`sk-(?=[\w-]*\d)[\w-]{20,}`,
  google: String.raw`AIza[\w-]{30,}|ya29\.[\w-]{16,}|GOCSPX-[\w-]{16,}`,
  facebook: 'EAA[A-Za-z0-9]{24,}',
  twilio: 'SK[0-9a-f]{32}',
  sendgrid: String.raw`SG\.[\w-]{16,}\.[\w-]{16,}`,
  mailgun: 'key-[0-9a-f]{32}',
  mailchimp: String.raw`[0-9a-f]{32}-us\d{1,2}`,
  hubspot: String.raw`pat-(?:na|eu|ap)\d-[0-9a-f-]{30,}`,
  shopify: 'shp(?:at|ss|ca|pa)_[0-9a-fA-F]{16,}',
  square: String.raw`sq0(?:atp|csp|idp)-[\w-]{16,}`,
  npm: 'npm_[A-Za-z0-9]{20,}',
  pypi: String.raw`pypi-[\w-]{20,}`,
  hugging_face: 'hf_[A-Za-z0-9]{20,}',
  digitalocean: 'do[opr]_v1_[0-9a-f]{20,}',
  postman: 'PMAK-[0-9a-f-]{20,}',
  vault: String.raw`hv[sbr]\.[\w-]{16,}`,
  grafana: String.raw`glsa_\w{20,}|glc_[A-Za-z0-9+/=]{20,}`,
  linear: 'lin_api_[A-Za-z0-9]{20,}',
  databricks: 'dapi[0-9a-f]{32}',
  tripkey: String.raw`tripkey_[\w-]{43}`,
  telegram: String.raw`\d{8,10}:AA[\w-]{30,}`,
  jwt: String.raw`eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*){0,3}`,
  private_key: String.raw`-----BEGIN [A-Z ]*PRIVATE KEY[\s\S]*`,
  authorization: String.raw`(?:Bearer|Basic)(?:\s|%20|\+)+[\w.~+/=-]{8,}`,
  url_password: String.raw`(?<=:\/\/[^\s/?#@:]{0,64}:)(?![^\s/?#@]{0,4}~[0-9a-f]{32}@)[^\s/?#@]{3,}(?=@)`,
  assignment: String.raw`(?:api[_-]?key|access[_-]?key|secret|token|passw(?:or)?d|pwd)(?:=|%3D|\\?["']\s{0,3}[:=]|:\s)\s{0,3}\\?["']?(?!~)[^\s"'&,;\\]{6,}`,
};
export type SecretFormat = keyof typeof issuers;

/**
 * Any of them, anywhere in a text. A letter or digit just before would make it part of a longer word; a percent
 * escape before it is a separator.
 */
const anyFormat = new RegExp(
  `(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2}))(?:${Object.entries(issuers)
    .map(([name, form]) => `(?<${name}>${form})`)
    .join('|')})`,
  'gi',
);

/** The shortest secret that has one of the forms: shorter text need not be looked at. */
export const secretLengthMin = 12;

/** The form of the first secret in a text; undefined when there is none. */
export function knownSecretFormat(text: string): SecretFormat | undefined {
  if (text.length < secretLengthMin) return undefined;
  anyFormat.lastIndex = 0;
  const groups = anyFormat.exec(text)?.groups;
  return groups && formatOf(groups);
}

/** Replaces every secret of a known form. */
export function replaceKnownSecrets(
  text: string,
  replace: (secret: string, format: SecretFormat) => string,
): string {
  return text.replace(anyFormat, (secret: string, ...rest: unknown[]) => {
    return replace(secret, formatOf(rest.at(-1) as Record<string, string | undefined>));
  });
}

function formatOf(groups: Record<string, string | undefined>): SecretFormat {
  return Object.keys(groups).find((name) => groups[name] !== undefined) as SecretFormat;
}
