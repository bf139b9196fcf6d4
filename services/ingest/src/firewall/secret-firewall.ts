import { hashSecret, secretFingerprint } from '@tripkey/service-kit';
import { RecentValues } from '../recent-values.ts';
import { looksRandom } from './looks-random.ts';
import { mayHoldSecret } from './may-hold-secret.ts';
import {
  knownSecretFormat,
  replaceKnownSecrets,
  type SecretFormat,
  secretLengthMin,
} from './secret-formats.ts';

/** `random`: no known form, but long and without structure. `raw_key`: it stood where keys stand. */
export type LeakKind = SecretFormat | 'random' | 'raw_key';

/** Told of each secret that was taken out; the field is a name of the contract, never a value. */
export type LeakListener = (field: string, kind: LeakKind) => void;

/**
 * Takes what looks like a secret out of texts before anything keeps them. A secret becomes its first four characters,
 * for people, and a keyed hash of it, so that equal secrets stay equal and nobody without the pepper can guess.
 * What was replaced once is left alone when it comes again.
 */
export interface SecretFirewall {
  /** A key id as a whole, unless `registered` says that it is a public id of a known key. */
  keyId(value: string, registered: boolean, onLeak: LeakListener): string;
  /** A path or route: each segment by itself. */
  path(field: string, value: string, onLeak: LeakListener): string;
  /** Text that may hold a secret among other words. */
  text(field: string, value: string, onLeak: LeakListener): string;
  /** An id or name in which random characters are normal: only secrets of known form count. */
  id(field: string, value: string, onLeak: LeakListener): string;
  /** What stands for a secret that is known to be one. */
  mask(secret: string): string;
}

/** Letters and digits that a token without known form needs, to be called a secret. */
const randomLettersMin = 32;
/** A key id with capitals, small letters and digits is suspect earlier: ids are shorter than secrets. */
const randomKeyIdLettersMin = 24;

const masked = /^.{0,4}~[0-9a-f]{32}$/s;
const publicKeyId = /^(?:key|kid|id|ak|apikey)[_-][A-Za-z0-9]{1,36}$/;
const allClasses = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)/s;
/** Whole runs of what secrets are written in; the hash of an earlier replacement stands after its tilde. */
const tokens = /(?<![\w+/=%-])(?!(?<=~)[0-9a-f]{32}(?![0-9a-f]))[\w+/=%-]{32,}/g;
const rememberedMax = 50_000;

/** Whether a key id that an issuer names has the form of a secret; one that stands for a secret has not. */
export function isSecretKeyId(value: string): boolean {
  if (value.length < secretLengthMin || isMasked(value)) return false;
  return mayHoldSecret(value) && knownSecretFormat(value) !== undefined;
}

function isMasked(value: string): boolean {
  return value.includes('~') && masked.test(value);
}

/** @param pepper secret of this installation, at least 16 bytes */
export function createSecretFirewall(pepper: Uint8Array | string): SecretFirewall {
  if (Buffer.byteLength(pepper) < 16) throw new RangeError('the pepper needs at least 16 bytes');
  const clean = new RecentValues<true>(rememberedMax);

  function mask(secret: string): string {
    const fingerprint = secretFingerprint(pepper, hashSecret(secret));
    return `${secret.slice(0, Math.min(4, secret.length >> 2)).toWellFormed()}~${fingerprint}`;
  }

  function replaceKnown(field: string, value: string, onLeak: LeakListener): string {
    if (!mayHoldSecret(value) || !knownSecretFormat(value)) return value;
    return replaceKnownSecrets(value, (secret, format) => {
      onLeak(field, format);
      return mask(secret);
    });
  }

  function replaceRandom(field: string, value: string, onLeak: LeakListener): string {
    return value.replace(tokens, (token) => {
      if (!looksRandom(token, randomLettersMin)) return token;
      onLeak(field, 'random');
      return mask(token);
    });
  }

  function text(field: string, value: string, onLeak: LeakListener): string {
    if (value.length < secretLengthMin || clean.get(value)) return value;
    const safe = replaceRandom(field, replaceKnown(field, value, onLeak), onLeak);
    if (safe === value) clean.set(value, true);
    return safe;
  }

  return {
    mask,
    text,
    id: (field, value, onLeak) =>
      value.length < secretLengthMin ? value : replaceKnown(field, value, onLeak),
    path(field, value, onLeak) {
      if (value.length < secretLengthMin) return value;
      const known = replaceKnown(field, value, onLeak);
      if (known.length < randomLettersMin) return known;
      return known
        .split('/')
        .map((segment) => replaceRandom(field, segment, onLeak))
        .join('/');
    },
    keyId(value, registered, onLeak) {
      if (value.length < secretLengthMin || isMasked(value)) return value;
      // Of a key id that holds a secret nothing is kept in the clear but the usual four characters.
      const format = mayHoldSecret(value) ? knownSecretFormat(value) : undefined;
      if (format) {
        onLeak('key_id', format);
        return mask(value);
      }
      if (registered || publicKeyId.test(value)) return value;
      const lettersMin = allClasses.test(value) ? randomKeyIdLettersMin : randomLettersMin;
      if (!looksRandom(value, lettersMin)) return value;
      onLeak('key_id', 'random');
      return mask(value);
    },
  };
}
