import type { AlertBudget } from '@tripkey/contract/api';
import { pagesByWeek } from '@tripkey/store/reading';
import type { AnswerParts } from './answer-parts.ts';
import { dayMs, iso } from './times.ts';

const weeks = 8;

/** How many people are told, against what was said to be bearable. */
export async function readBudget(
  { store, settings }: Pick<AnswerParts, 'store' | 'settings'>,
  at: number,
  signal?: AbortSignal,
): Promise<AlertBudget> {
  const rows = await store.ask(pagesByWeek, { now: at, weeks }, signal);
  const byWeek = new Map(rows.map((row) => [row.week, row]));
  const week = (n: number) => byWeek.get(n) ?? { week: n, pages: 0, false_positives: 0 };
  const month = [0, 1, 2, 3].map(week);
  return {
    pages_per_week_max: settings.pagesPerWeekMax ?? null,
    pages_7d: week(0).pages,
    pages_28d: month.reduce((sum, { pages }) => sum + pages, 0),
    false_pages_28d: month.reduce((sum, { false_positives }) => sum + false_positives, 0),
    by_week: Array.from({ length: weeks }, (_, i) => week(weeks - 1 - i)).map((one) => ({
      week_from: iso(at - (one.week + 1) * 7 * dayMs),
      pages: one.pages,
      false_positives: one.false_positives,
    })),
  };
}
