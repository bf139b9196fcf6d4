import type { Page } from 'playwright-core';

/** What a list did while it was scrolled. */
export interface Scrolled {
  readonly rows_seen: number;
  /** Rows that were in the document at the same time, at most. */
  readonly rows_in_page_max: number;
  readonly frame_p50_ms: number;
  readonly frame_p99_ms: number;
  /** From the end of what was loaded until more was there. */
  readonly more_p50_ms: number;
}

/** Pixels that a frame goes on by: a quick hand on the wheel. */
const stepPx = 300;

/** What the function below sees of the page, in which it runs; these files are not typed as a page's own code. */
declare const document: {
  querySelector(selector: string): Scroller;
};
interface Scroller {
  scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
  querySelectorAll(selector: string): { readonly length: number; item(at: number): Row };
}
interface Row {
  getAttribute(name: string): string | null;
}
declare function requestAnimationFrame(done: (at: number) => void): void;

/** Scrolls the list of a page down, frame by frame, past so many rows. */
export async function scrollDown(page: Page, rows: number): Promise<Scrolled> {
  const seen = await page.evaluate(
    async ({ rows, stepPx }) => {
      const list = document.querySelector('section.list');
      const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
      const frames: number[] = [];
      const waits: number[] = [];
      let [last, max, inPage, endedAt] = [await frame(), 0, 0, 0];
      while (max < rows) {
        const height = list.scrollHeight;
        const atEnd = list.scrollTop + list.clientHeight >= height - 1;
        list.scrollTop += stepPx;
        const now = await frame();
        if (!atEnd) frames.push(now - last);
        if (atEnd && endedAt === 0) endedAt = now;
        if (endedAt > 0 && list.scrollHeight > height) {
          waits.push(now - endedAt);
          endedAt = 0;
        }
        last = now;
        const shown = list.querySelectorAll('tbody tr[aria-rowindex]');
        inPage = Math.max(inPage, shown.length);
        max = Number(shown.item(shown.length - 1)?.getAttribute('aria-rowindex') ?? 0);
        if (endedAt > 0 && now - endedAt > 60_000) break;
      }
      return { frames, waits, max, inPage };
    },
    { rows, stepPx },
  );
  return {
    rows_seen: seen.max,
    rows_in_page_max: seen.inPage,
    frame_p50_ms: at(seen.frames, 0.5),
    frame_p99_ms: at(seen.frames, 0.99),
    more_p50_ms: at(seen.waits, 0.5),
  };
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
}
