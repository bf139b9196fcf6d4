import type { KeyIssuer } from '@tripkey/issuers';

/** For how long an answer is good. */
const minuteMs = 60_000;
/** An issuer that did not say is asked again after this, or when it wants to be, within the minute. */
const againMsMin = 5_000;

/**
 * Which keys their issuers protect. A stop that is held is looked at every second; its issuer is asked about it once a
 * minute, so that it has room for the stops themselves. What changes meanwhile it refuses on its own account.
 */
export class IssuerMarks {
  #marks = new Map<string, { readonly isProtected: boolean | 'unknown'; readonly until: number }>();
  #since = Number.NEGATIVE_INFINITY;

  /** Whether an issuer says that no machine may stop a key; `unknown` when it does not clearly say. */
  async isProtected(
    issuer: KeyIssuer,
    keyId: string,
    nowMs: number,
    signal: AbortSignal,
  ): Promise<boolean | 'unknown'> {
    // All at once: what is remembered is bounded by the keys of a minute.
    if (nowMs >= this.#since + minuteMs) {
      this.#marks = new Map();
      this.#since = nowMs;
    }
    const name = JSON.stringify([issuer.name, keyId]);
    const known = this.#marks.get(name);
    if (known && nowMs < known.until) return known.isProtected;
    const reading = await issuer.read(keyId, signal);
    const isUnknown = reading.state === 'unknown';
    const isProtected = isUnknown ? 'unknown' : reading.protected === true;
    const goodForMs = isUnknown ? Math.max(againMsMin, reading.afterMs) : minuteMs;
    this.#marks.set(name, { isProtected, until: nowMs + goodForMs });
    return isProtected;
  }
}
