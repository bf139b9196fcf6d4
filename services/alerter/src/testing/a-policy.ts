import { ResponsePolicy } from '../respond/policy.ts';

/** Takes one finding for evidence enough: for tests that are about something else. */
export const anyEvidence = { scoreMin: 0, rulesMin: 1, windowsMin: 1 } as const;

/** A policy that acts on one finding, where the test does not say otherwise. */
export function aPolicy(said: object = {}): ResponsePolicy {
  return ResponsePolicy.parse({ evidence: anyEvidence, ...said });
}
