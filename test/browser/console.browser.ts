import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityFaults } from './accessibility.ts';
import { type OpenBrowser, openBrowser } from './open-browser.ts';
import { openPlay, type Play, traveller } from './play.ts';
import { pictures, settled, takePicture } from './take-picture.ts';

// One story, told in order: every test goes on where the one before ended.
let play: Play;
let browser: OpenBrowser;
let page: Page;
/** Where the incident of the stolen key is. */
let incidentUrl: string;
const keyName = 'CRM lead sync';
/** For looking at every page in turn, on a busy machine. */
const everyPageMsMax = 400_000;

beforeAll(async () => {
  [play, browser] = await Promise.all([openPlay(), openBrowser()]);
  play.startOwner();
  page = await browser.open();
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await play?.[Symbol.asyncDispose]();
});

const at = (path: string) => `${play.system.url}${path}`;
const downloaded = async (button: Locator) => {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return readFileSync(await download.path(), 'utf8');
};
const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });

describe('a responder', () => {
  test('sees how to sign in, and nothing else, before signing in', async () => {
    await page.goto(at('/incidents'));
    await heading('Sign in to Tripkey').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await takePicture(page, 'sign-in');
  });

  test('signs in by the link of the first start, which works once', async () => {
    await page.goto(play.link);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await heading('Overview').waitFor();
    const second = await browser.open();
    await second.goto(play.link);
    await second.getByRole('button', { name: 'Sign in' }).click();
    await second.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
    await second.context().close();
  });

  test('is told of a new incident in the open inbox without a row moving by itself', async () => {
    await page.goto(at('/incidents'));
    await heading('Incidents').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    play.startThief();
    const news = page.getByRole('button', { name: /new incident/ });
    await news.waitFor();
    expect(await page.getByRole('link', { name: /Key / }).count()).toBe(0);
    await news.click();
    await page.getByRole('row', { name: new RegExp(keyName) }).waitFor();
  });

  test('opens it and reads what happened and why', async () => {
    await page
      .getByRole('row', { name: new RegExp(keyName) })
      .getByRole('link')
      .first()
      .click();
    await page.waitForURL(/\/incidents\/inc_/);
    incidentUrl = page.url();
    await heading(new RegExp(keyName)).waitFor();
    await page.getByText('Critical', { exact: true }).first().waitFor();
    const why = page.getByRole('region', { name: 'Why' });
    await why
      .getByText(/Would not have fired at/)
      .first()
      .waitFor();
    const shares = await why.getByRole('img', { name: /of the risk/ }).all();
    expect(shares.length).toBeGreaterThan(1);
    await page.getByRole('figure', { name: /Requests from .* in all/ }).waitFor();
    await page.locator('[data-drawn]').waitFor();
    await page.getByRole('region', { name: 'What changed' }).getByText('198.51.100.0/24').waitFor();
    await page
      .getByRole('region', { name: 'Requests', exact: true })
      .getByText('198.51.100.77')
      .first()
      .waitFor();
  });

  test('reads the chart as a table', async () => {
    await page.getByRole('button', { name: 'Table' }).click();
    await page.getByRole('columnheader', { name: 'Requests' }).waitFor();
    await page.getByRole('button', { name: 'Chart' }).click();
    await page.locator('[data-drawn]').waitFor();
  });

  test('cannot revoke without a reason', async () => {
    await page.getByRole('button', { name: /Revoke key/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    expect(await dialog.getByRole('button', { name: 'Revoke key' }).isDisabled()).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('revokes the key with a reason and watches the proof of the stop arrive', async () => {
    await page.getByRole('button', { name: /Revoke key/ }).click();
    await page.getByLabel('Reason').fill('Read from a network that nobody of ours knows');
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // Nothing is loaded again from here on: every step arrives by itself.
    await page.locator('[data-operation-state="traffic_confirmed"]').waitFor();
    await page.getByText('Stop proven').first().waitFor();
    const timeline = page.getByRole('region', { name: 'Timeline' });
    await timeline.locator('[data-kind="operation_traffic_confirmed"]').waitFor();
    await page.getByText(/nothing let through|none since/).waitFor();
  });

  test('finds the revocation in the audit log, whose chains are whole', async () => {
    await page.goto(at('/audit'));
    await page
      .getByRole('row', { name: /operation approved|stop/ })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Check the chains' }).click();
    await page.getByText('whole', { exact: true }).waitFor();
  });
});

describe('an analyst, by keyboard alone', () => {
  test('marks another incident a false positive, and the rules that fired are known to be noisier', async () => {
    play.startTraveller();
    await page.goto(at('/rules'));
    await page.getByRole('region', { name: 'Rules', exact: true }).getByRole('row').nth(1).waitFor();
    const inVain = async () => {
      const cells = await page.locator('[data-false-positives]').allTextContents();
      return cells.reduce((sum, text) => sum + Number(text), 0);
    };
    expect(await inVain()).toBe(0);

    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await heading('Incidents').waitFor();
    await page
      .getByRole('button', { name: /new incident/ })
      .or(page.locator('tbody tr').nth(1))
      .first()
      .waitFor();
    await page.reload();
    await page.locator('tbody tr').nth(1).waitFor();
    await page.keyboard.press('j');
    await page.locator('tr[data-cursor]').waitFor();
    const first = await page.locator('tr[data-cursor]').textContent();
    if (first?.includes(keyName)) await page.keyboard.press('j');
    await page.locator('tr[data-cursor]').filter({ hasNotText: keyName }).waitFor();
    await page.keyboard.press('x');
    await page.getByText('1 selected').waitFor();
    await page.keyboard.press('f');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Tab');
    await page.getByLabel('Note').focus();
    await page.keyboard.type('A colleague on a journey');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText('1 incident resolved.').waitFor();

    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.locator('[data-false-positives]').filter({ hasText: /[1-9]/ }).first().waitFor();
    await page
      .locator('[data-budget]')
      .getByText(/[1-9]\d* of them in vain/)
      .waitFor();
  });

  test('asks what thresholds a budget needs, and what they would miss', async () => {
    await page.getByRole('button', { name: 'Solve thresholds …' }).click();
    await page.getByLabel('Alerts a week', { exact: true }).fill('0.1');
    await page.getByRole('button', { name: 'Solve', exact: true }).click();
    const solution = page.locator('[data-budget-solution]');
    await solution.getByText('An incident opens at').waitFor();
    await solution.getByText(/would have been missed/).waitFor();
    await page.keyboard.press('Escape');
  });

  test('goes to a key by the palette', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('crm lead');
    await page.getByRole('option', { name: /key_crm_lead_sync/ }).waitFor();
    while (!(await page.getByRole('option', { selected: true }).textContent())?.includes('key_crm_lead_sync'))
      await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await heading(new RegExp(keyName)).waitFor();
    await page.getByText('key_crm_lead_sync').first().waitFor();
  });

  test('is told every key by a question mark', async () => {
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).getByText('Go to Incidents').waitFor();
    await page.keyboard.press('Escape');
  });

  test('asks in SQL, and gets the answer as a table and as CSV', async () => {
    await page.goto(at('/sql'));
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('region', { name: 'Rows' }).getByText('key_crm_lead_sync').waitFor();
    await page.getByLabel('SQL', { exact: true }).fill("SELECT 6 * 7 AS answer, '=1+1' AS formula");
    await page.keyboard.press('Control+Enter');
    await page.getByRole('cell', { name: '42' }).waitFor();
    expect(page.url()).toContain('sql=SELECT');
    const csv = await downloaded(page.getByRole('button', { name: 'CSV' }));
    expect(csv).toMatch(/answer/);
    expect(csv).toContain('42');
    // A spreadsheet must not run what somebody wrote.
    expect(csv).not.toMatch(/(^|,)"?=1\+1/m);
  });

  test('is told where in a query it goes wrong, and that writing is refused', async () => {
    for (const sql of ['SELECT * FROM nowhere_at_all', 'DROP TABLE usage']) {
      await page.getByLabel('SQL', { exact: true }).fill(sql);
      await page.keyboard.press('Control+Enter');
      await page.getByRole('alert').waitFor();
    }
  });

  test('takes the filtered incidents away as CSV', async () => {
    await page.goto(at('/incidents?state=all'));
    await page.locator('tbody tr').first().waitFor();
    await page.getByRole('button', { name: 'Export' }).click();
    const csv = await downloaded(page.getByRole('menuitem', { name: /CSV/ }));
    expect(csv.split('\n')[0]).toContain('incident_id');
    expect(csv).toContain('key_crm_lead_sync');
  });
});

describe('the console', () => {
  test('shows what an attacker wrote as text, with its invisible characters', async () => {
    await page.goto(at('/incidents?state=all'));
    const other = page.locator('tbody tr').filter({ hasNotText: keyName }).getByRole('link').first();
    await other.click();
    const requests = page.getByRole('region', { name: 'Requests', exact: true });
    await requests.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    await requests.getByText('U+202E').first().waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(await page.locator('a[href*="evil"]').count()).toBe(0);
    expect(traveller.agent).toContain('https://evil.example');
  });

  const schemes = ['light', 'dark'] as const;
  test.each(schemes)(
    'is usable by everybody and looks as it should: %s',
    async (colorScheme) => {
      const signedIn = await page.context().storageState();
      const window = await browser.open({ colorScheme, signedIn });
      for (const { name, path, ready } of pictures(new URL(incidentUrl).pathname)) {
        await window.goto(at(path));
        await settled(window, ready);
        expect(await accessibilityFaults(window), `${name}, ${colorScheme}`).toEqual([]);
        if (colorScheme === 'light') await takePicture(window, name);
        else if (['incident', 'overview'].includes(name)) await takePicture(window, `${name}-dark`);
      }
      await window.context().close();
    },
    everyPageMsMax,
  );

  test(
    'fits on a telephone: nothing is wider than the screen',
    async () => {
      const signedIn = await page.context().storageState();
      const window = await browser.open({ width: 390, height: 844, signedIn });
      for (const { name, path, ready } of pictures(new URL(incidentUrl).pathname)) {
        await window.goto(at(path));
        await settled(window, ready);
        const wider = await window.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        expect(wider, name).toBeLessThanOrEqual(0);
        if (name === 'incident') await takePicture(window, 'incident-narrow');
      }
      await window.context().close();
    },
    everyPageMsMax,
  );

  test('signs out, and the way back leads nowhere', async () => {
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading('Sign in to Tripkey').waitFor();
    await page.goto(at('/incidents'));
    await heading('Sign in to Tripkey').waitFor();
  });

  test('told its own console of no error, and its policy had to stop nothing', () => {
    expect(browser.complaints).toEqual([]);
  });
});
