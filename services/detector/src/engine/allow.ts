import type { Evidence } from '@tripkey/contract';
import type { Verdict } from '@tripkey/rules';
import { type Lesson, lessonMargin } from './decisions.ts';

type Fire = Extract<Verdict, { kind: 'fire' }>;

/**
 * A verdict as it is told when a false positive taught that it is harmless: kept as evidence, without weight. What is
 * critical is never learnt away, and what goes beyond the lesson is told as ever.
 */
export function allow(verdict: Fire, lesson: Pick<Lesson, 'score'> | undefined): Fire {
  return isAllowed(verdict, lesson) ? { ...verdict, score: 0, severity: 'info' } : verdict;
}

/** Whether a lesson covers a verdict. */
export function isAllowed(verdict: Fire, lesson: Pick<Lesson, 'score'> | undefined): boolean {
  return (
    lesson !== undefined && verdict.severity !== 'critical' && verdict.score <= lesson.score + lessonMargin
  );
}

/** How a finding says that a lesson covered it. */
export function allowedBy({ incidentId, score, until }: Lesson): NonNullable<Evidence['allowed']> {
  return { incident_id: incidentId, score, until: new Date(until).toISOString() };
}
