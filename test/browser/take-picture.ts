import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const keep = process.env.TRIPKEY_TEST_PICTURES === '1';
if (keep) mkdirSync(folder, { recursive: true });

/** A page of the console, and a text that is there once it shows what it should. */
export interface Picture {
  readonly name: string;
  readonly path: string;
  readonly ready: string | RegExp;
}

/** Every page. @param incidentPath address of an incident to show */
export function pictures(incidentPath: string): Picture[] {
  return [
    { name: 'overview', path: '/', ready: 'Traffic of all keys' },
    { name: 'incidents', path: '/incidents?state=all', ready: 'CRM lead sync' },
    { name: 'incident', path: incidentPath, ready: /Would not have fired at/ },
    { name: 'keys', path: '/keys', ready: 'CRM lead sync' },
    { name: 'key', path: '/keys/key_crm_lead_sync', ready: 'Networks' },
    { name: 'key-grants', path: '/keys/key_crm_lead_sync?tab=grants', ready: 'read:leads' },
    { name: 'endpoints', path: '/endpoints', ready: '/v1/leads' },
    { name: 'rules', path: '/rules', ready: 'Alert budget' },
    { name: 'rule', path: '/rules/new-network', ready: 'How it decides' },
    { name: 'actions', path: '/actions', ready: 'Read from a network that nobody of ours knows' },
    { name: 'policy', path: '/actions?tab=policy', ready: 'Rules of the policy' },
    { name: 'silences', path: '/actions?tab=silences', ready: 'Nothing is silenced' },
    { name: 'audit', path: '/audit', ready: 'Check the chains' },
    { name: 'leaks', path: '/leaks', ready: 'No secret was reported' },
    { name: 'pipeline', path: '/pipeline', ready: 'reporting' },
    { name: 'sql', path: '/sql', ready: 'Questions' },
    { name: 'tokens', path: '/tokens', ready: 'New token' },
  ];
}

/** What the functions below see of the page, in which they are evaluated; these tests are not typed as a page's own code. */
declare const document: {
  querySelectorAll(selector: string): Iterable<{ hasAttribute(name: string): boolean }>;
  readonly fonts: { readonly status: string };
};

/** Waits until a page shows what it should, has drawn its charts, and awaits nothing any more. */
export async function settled(page: Page, ready: string | RegExp): Promise<void> {
  await page.getByRole('main').getByText(ready).first().waitFor();
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll('.loading')].length === 0 &&
      [...document.querySelectorAll('.chart-area > div:first-child')].every((area) =>
        area.hasAttribute('data-drawn'),
      ) &&
      document.fonts.status === 'loaded',
  );
}

/** Draws what the window shows; with TRIPKEY_TEST_PICTURES=1 into docs/images, where README has it from. */
export async function takePicture(page: Page, name: string): Promise<void> {
  await page.screenshot({ ...(keep ? { path: `${folder}${name}.png` } : {}), animations: 'disabled' });
}
