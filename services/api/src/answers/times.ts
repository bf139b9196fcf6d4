/** RFC 3339 of epoch ms. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The same for a time that may never have been: 0 or null. */
export function isoOrNull(ms: number | null): string | null {
  return ms === null || ms === 0 ? null : iso(ms);
}

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
