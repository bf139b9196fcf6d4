const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Length of the sliding window of most rules. */
const quarterMs = 15 * minuteMs;

/**
 * Of what stretch of time a rule's score gives the chance, where it is no quarter of an hour: of an hour or burst of
 * activity, of a stretch of rest, of the day or the week by which the rule counts rises.
 */
const stretches: Readonly<Record<string, number>> = {
  'first-use-of-endpoint': hourMs,
  'first-use-of-scope': hourMs,
  'new-network': hourMs,
  'agent-change': hourMs,
  'two-places-at-once': hourMs,
  'breadth-burst': hourMs,
  'source-fan-out': hourMs,
  'mix-shift': hourMs,
  'key-went-silent': hourMs,
  'off-hours-use': 8 * hourMs,
  'unlike-its-kin': dayMs,
  'sustained-rise': dayMs,
  'volume-drop': dayMs,
  'slow-ramp': 7 * dayMs,
};

/** Rules whose stretch is not the usual one. */
export const rulesWithStretch: readonly string[] = Object.keys(stretches);

/** Length of the stretch of time of which the score of a rule gives the chance, ms. */
export function stretchMsOf(ruleId: string): number {
  return stretches[ruleId] ?? quarterMs;
}
