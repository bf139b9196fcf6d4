import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Debian's Chromium, or the one that is named. It talks to nobody but the page's own server. */
const executablePath = process.env.TRIPKEY_TEST_CHROMIUM ?? '/usr/bin/chromium';

export interface OpenBrowser extends AsyncDisposable {
  /** A window of its own, which complains of every error that a page tells its console. */
  open(options?: WindowOptions): Promise<Page>;
  /** What pages complained of so far: errors, and what the content security policy stopped. */
  readonly complaints: readonly string[];
}

export interface WindowOptions {
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** Cookies and storage of somebody who is signed in. */
  readonly signedIn?: Awaited<ReturnType<BrowserContext['storageState']>>;
}

/** For one thing to happen. Far more than it takes: a busy machine must not fail a test. */
const waitMsMax = 60_000;

export async function openBrowser(): Promise<OpenBrowser> {
  const browser: Browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const complaints: string[] = [];
  return {
    complaints,
    async open({ colorScheme = 'light', width = 1360, height = 850, signedIn } = {}) {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height },
        reducedMotion: 'reduce',
        acceptDownloads: true,
        ...(signedIn ? { storageState: signedIn } : {}),
      });
      context.setDefaultTimeout(waitMsMax);
      const page = await context.newPage();
      page.on('pageerror', (error) => void complaints.push(`${page.url()}: ${error.message}`));
      page.on('console', (message) => {
        // Chromium also reports every answer of 4xx; whether one was meant is for the test to say.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          complaints.push(`${page.url()}: ${message.text()}`);
      });
      page.on('dialog', (dialog) => {
        complaints.push(`${page.url()}: a script of somebody ran: ${dialog.message()}`);
        void dialog.dismiss();
      });
      return page;
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
