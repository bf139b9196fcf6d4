/** An issuer that asks for more patience than this is asked again anyway, ms. */
const waitMsMax = 3_600_000;

/**
 * The wait that a `Retry-After` header asks for, ms (RFC 9110, section 10.2.3: seconds, or a date).
 * @param nowMs epoch ms, for the date form
 * @returns `otherwise` when the header is absent or says nothing usable; never more than an hour.
 */
export function retryAfterMs(header: string | null, nowMs: number, otherwise: number): number {
  const value = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Math.min(waitMsMax, Number(value) * 1_000);
  const date = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(date)) return otherwise;
  return Math.min(waitMsMax, Math.max(0, date - nowMs));
}
