import { cutBetweenTokens } from '../cut-between-tokens.ts';
import type { Fields, SecretsOfFormat } from './gateway-format.ts';

/**
 * How long texts may become. Gateways pass on what clients send, so what is too long for the contract is cut, not
 * refused: nobody can hide requests by a long agent. Ids are left whole, as cut ones could become equal.
 */
export const lengthsMax = {
  id: 16_384,
  name: 128,
  path: 4_096,
  agent: 1_024,
  address: 64,
  method: 16,
  tag: 256,
};

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at the end of a path of field names; undefined when there is none. */
export function at(element: unknown, ...path: readonly string[]): unknown {
  let value = element;
  for (const name of path) {
    if (!isFields(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** Text or a number as text; undefined for what access logs write when there is nothing, such as `-`. */
export function text(value: unknown, lengthMax: number): string | undefined {
  const written = typeof value === 'number' ? String(value) : Array.isArray(value) ? value[0] : value;
  if (typeof written !== 'string' || written === '' || written === '-') return undefined;
  return cutBetweenTokens(written, lengthMax);
}

/** The first of several values that is text. */
export function firstText(lengthMax: number, ...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const found = text(value, lengthMax);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A finite number, also when it is written as text. */
export function number(value: unknown): number | undefined {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
}

/** A number from 0; gateways write -1 for "there was none". */
export function count(value: unknown): number | undefined {
  const read = number(value);
  return read !== undefined && read >= 0 ? read : undefined;
}

/** A duration in ms. @param unitMs length of the unit it is written in */
export function duration(value: unknown, unitMs: number): number | undefined {
  const read = count(value);
  return read === undefined ? undefined : read * unitMs;
}

/** What proxies write when the client was gone before there was an answer; NGINX has given it a number. */
const clientClosedRequest = 499;

/** An HTTP status; 0 where the client did not wait for one. */
export function status(value: unknown): number | undefined {
  const read = number(value);
  return read === 0 ? clientClosedRequest : read;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const commonLogTime = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/;

/** RFC 3339 for the time of the common log format, `02/Mar/2026:10:00:00 +0000`; anything else as it is. */
export function fromCommonLogTime(value: unknown): unknown {
  const parts = typeof value === 'string' ? commonLogTime.exec(value) : null;
  const month = parts ? months.indexOf(parts[2]!) + 1 : 0;
  if (!parts || month === 0) return value;
  const [, day, , year, time, hours, minutes] = parts;
  return `${year}-${String(month).padStart(2, '0')}-${day}T${time}${hours}:${minutes}`;
}

/** Headers in which clients send keys, and cookies; their values must not be in an access log. */
const secretHeaders = ['authorization', 'apikey', 'api-key', 'x-api-key', 'x-auth-token', 'cookie'];
const blackened = /^(?:\W*|(?:bearer |basic )?(?:redacted|masked|\[redacted\]|x{3,}|\*+)(?:_by_\w+)?)$/i;

/** Tells of the secrets in a header map, which itself is not taken. */
export function noteSecretHeaders(headers: unknown, secrets: SecretsOfFormat): void {
  if (!isFields(headers)) return;
  for (const name of secretHeaders) {
    const value = text(headers[name], 64);
    if (value !== undefined && !blackened.test(value)) secrets.seen('headers');
  }
}

/** Tags of those values that are there. */
export function tags(values: Readonly<Record<string, unknown>>): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const name in values) {
    const value = text(values[name], lengthsMax.tag);
    if (value !== undefined) found[name] = value;
  }
  return Object.keys(found).length > 0 ? found : undefined;
}
