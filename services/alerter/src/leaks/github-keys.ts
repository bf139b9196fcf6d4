import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Clock } from '@tripkey/service-kit';
import * as z from 'zod';

const PublishedKeys = z.object({
  public_keys: z
    .array(z.object({ key_identifier: z.string().max(128), key: z.string().max(8_192) }))
    .max(100),
});

/** GitHub's keys are read anew after so long. */
const freshMs = 12 * 3_600_000;
/** Somebody may send made-up key ids without end: GitHub is asked at most so often. */
const askEveryMs = 60_000;
const timeoutMs = 10_000;
const answerBytesMax = 256 * 1_024;

/** The public keys are not known and cannot be read now. */
export class GithubKeysUnknownError extends Error {
  override readonly name = 'GithubKeysUnknownError';
  readonly code = 'leaks.github_keys_unknown';

  constructor(cause: unknown) {
    super('the public keys of GitHub’s secret scanning cannot be read', { cause });
  }
}

/**
 * The public keys with which GitHub signs its reports. They rotate, so a key that is not known makes us read the list
 * anew; a key that is no longer on the list is not taken any more. Those that the configuration names hold always.
 */
export class GithubKeys {
  readonly #url: string;
  readonly #token: string | undefined;
  readonly #fetch: typeof fetch;
  readonly #clock: Clock;
  readonly #pinned: ReadonlyMap<string, KeyObject>;
  #published: ReadonlyMap<string, KeyObject> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;
  #failure: unknown = null;
  #reading: Promise<void> | null = null;

  /**
   * @param pinned PEM by key identifier
   * @throws {TypeError} when one of them is no public key on the curve P-256
   */
  constructor(parts: {
    url: string;
    token?: string;
    pinned: Readonly<Record<string, string>>;
    fetch: typeof fetch;
    clock: Clock;
  }) {
    this.#url = parts.url;
    this.#token = parts.token;
    this.#fetch = parts.fetch;
    this.#clock = parts.clock;
    this.#pinned = new Map(
      Object.entries(parts.pinned).map(([id, pem]) => {
        const key = p256Key(pem);
        if (!key) throw new TypeError(`leaks.github.publicKeys.${id} is no public key on the curve P-256`);
        return [id, key];
      }),
    );
  }

  /**
   * @returns undefined for a key that GitHub does not publish
   * @throws {GithubKeysUnknownError} when that cannot be found out
   */
  async find(id: string): Promise<KeyObject | undefined> {
    const pinned = this.#pinned.get(id);
    if (pinned) return pinned;
    const isFresh = this.#clock.now() - this.#readAt < freshMs;
    if (!isFresh || !this.#published.has(id)) await this.#read();
    const key = this.#published.get(id);
    if (!key && this.#failure !== null) throw new GithubKeysUnknownError(this.#failure);
    return key;
  }

  /** Reads the list, once for all who wait for it. What fails leaves the keys of before. */
  #read(): Promise<void> {
    if (this.#reading) return this.#reading;
    const now = this.#clock.now();
    if (now - this.#askedAt < askEveryMs) return Promise.resolve();
    this.#askedAt = now;
    this.#reading = this.#fetchKeys()
      .then(
        (keys) => {
          this.#published = keys;
          this.#readAt = this.#clock.now();
          this.#failure = null;
        },
        (error: unknown) => {
          this.#failure = error;
        },
      )
      .finally(() => {
        this.#reading = null;
      });
    return this.#reading;
  }

  async #fetchKeys(): Promise<Map<string, KeyObject>> {
    const response = await this.#fetch(this.#url, {
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        'user-agent': 'tripkey',
        ...(this.#token && { authorization: `Bearer ${this.#token}` }),
      },
    });
    const text = await response.text();
    if (response.status !== 200 || text.length > answerBytesMax) {
      throw new Error(`GitHub answered ${response.status} with ${text.length} characters`);
    }
    const { public_keys } = PublishedKeys.parse(JSON.parse(text));
    const keys = new Map<string, KeyObject>();
    for (const { key_identifier, key } of public_keys) {
      const usable = p256Key(key);
      if (usable) keys.set(key_identifier, usable);
    }
    if (keys.size === 0) throw new Error('GitHub published no usable key');
    return keys;
  }
}

function p256Key(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined; // no key: the caller says so, or goes on without it
  }
}
