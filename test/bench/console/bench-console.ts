import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { type OpenBrowser, openBrowser, type WindowOptions } from '../../browser/open-browser.ts';
import { openPlay } from '../../browser/play.ts';
import { pictures, settled } from '../../browser/take-picture.ts';
import { defineMeasurement } from '../../measure/measurement.ts';
import { openFleetApi } from '../api/open-fleet-api.ts';
import { scrollDown } from './scroll-down.ts';

/** What must hold: a page on the demo's data, from its address to all it shows; a frame while a long list is scrolled. */
const interactiveMsMax = 1_500;
const frameMsMax = 50;
/** They show one incident, or what was done about it: nothing of that is there when they are opened here. */
const left = ['incident', 'actions'];

/** How long people wait for the console, in a real browser: every page on the demo's data, and lists of very many keys. */
export const benchConsole = defineMeasurement({
  name: 'console',
  summary:
    'how long each page of the console takes in a browser, and how smoothly a list of many keys scrolls',
  options: z.object({
    times: z.coerce.number().int().min(3).default(10).describe('how often each page is opened'),
    keys: z.coerce.number().int().positive().default(100_000).describe('keys in the list that is scrolled'),
    days: z.coerce.number().int().positive().default(28).describe('days of their traffic'),
    rows: z.coerce.number().int().positive().default(5_000).describe('rows that are scrolled past'),
  }),
  async run({ options, seed, log, signal }) {
    execFileSync(process.execPath, [
      fileURLToPath(new URL('../../../scripts/build-console.mjs', import.meta.url)),
    ]);
    await using browser = await openBrowser();
    log('the demo');
    const pages = await openPages(browser, options.times, log);
    const slowestMs = Math.max(...Object.values(pages));
    const { keys, days, rows } = options;
    await using fleet = await openFleetApi({ keys, days, perDay: 4, incidents: 2_000, seed, log, signal });
    const window = await browser.open({
      signedIn: await signIn(browser, (await fleet.api.firstLink())!),
    });
    await window.goto(`${fleet.url}/keys`);
    await settled(window, 'lead flow');
    const scrolled = await scrollDown(window, rows);
    await window.context().close();
    log(`scrolled: ${JSON.stringify(scrolled)}`);
    return {
      figures: {
        ...Object.fromEntries(Object.entries(pages).map(([name, ms]) => [`${name}_p50_ms`, ms])),
        slowest_page_p50_ms: slowestMs,
        ...scrolled,
        complaints: browser.complaints.length,
      },
      held:
        slowestMs < interactiveMsMax &&
        scrolled.frame_p99_ms < frameMsMax &&
        scrolled.rows_seen >= Math.min(rows, keys) &&
        browser.complaints.length === 0,
    };
  },
});

/** Median time of each page on the demo's data, by a browser that has nothing of it yet, ms. */
async function openPages(
  browser: OpenBrowser,
  times: number,
  log: (line: string) => void,
): Promise<Record<string, number>> {
  await using play = await openPlay();
  play.startOwner();
  const signedIn = await signIn(browser, play.link);
  play.startThief();
  await untilTold(browser, signedIn, `${play.system.url}/incidents`);
  const pages: Record<string, number> = {};
  for (const { name, path, ready } of pictures('')) {
    if (left.includes(name)) continue;
    const took: number[] = [];
    for (let i = 0; i < times; i++) {
      const page = await browser.open({ signedIn });
      await page.goto(play.system.url + path, { waitUntil: 'commit' });
      await settled(page, ready);
      took.push(await page.evaluate(() => performance.now()));
      await page.context().close();
    }
    pages[name.replaceAll('-', '_')] = Math.round(took.sort((a, b) => a - b)[times >> 1]!);
    log(`${name}: ${pages[name.replaceAll('-', '_')]} ms`);
  }
  return pages;
}

type SignedIn = NonNullable<WindowOptions['signedIn']>;

async function signIn(browser: OpenBrowser, link: string): Promise<SignedIn> {
  const page = await browser.open();
  await page.goto(link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  const state = await page.context().storageState();
  await page.context().close();
  return state;
}

async function untilTold(browser: OpenBrowser, signedIn: SignedIn, inbox: string): Promise<void> {
  const page = await browser.open({ signedIn });
  await page.goto(inbox);
  const row = page.getByRole('row', { name: /CRM lead sync/ });
  // New incidents are put into the list by who looks at it.
  await row
    .or(page.getByRole('button', { name: /new incident/ }))
    .first()
    .waitFor();
  await page.context().close();
}
