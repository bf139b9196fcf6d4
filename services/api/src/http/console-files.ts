import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Response, Router } from 'express';

/** Built files of the console in this release. */
const ownFolder = fileURLToPath(new URL('../../../console/dist/', import.meta.url));

/** What `index.html` has where the nonce of its style elements belongs. */
export const noncePlaceholder = '__CSP_NONCE__';

/**
 * Serves the console's built files: hashed ones for ever, `index.html` for every other address, so that the console's own
 * router answers it. Where it is not built, a page says how to.
 */
export function consoleFiles(folder = ownFolder): Router {
  const router = Router();
  const index = join(folder, 'index.html');
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), {
      immutable: true,
      maxAge: '365d',
      index: false,
      redirect: false,
    }),
    (_request, response) => {
      response.status(404).type('text/plain').send('there is no such file\n');
    },
  );
  router.use(express.static(folder, { index: false, redirect: false, maxAge: '1h' }));
  router.get('/{*path}', (_request, response) => {
    // Read each time: it is small, and a build while we run is seen at once.
    if (existsSync(index)) sendIndex(response, readFileSync(index, 'utf8'));
    else response.status(503).type('html').set('Cache-Control', 'no-store').send(notBuilt);
  });
  return router;
}

function sendIndex(response: Response, html: string): void {
  const nonce = randomBytes(18).toString('base64');
  const policy = response.get('Content-Security-Policy') ?? '';
  response
    .set({
      'Content-Security-Policy': policy.replace("style-src 'self'", `style-src 'self' 'nonce-${nonce}'`),
      'Cache-Control': 'no-store',
    })
    .type('html')
    .send(html.replaceAll(noncePlaceholder, nonce));
}

const notBuilt = `<!doctype html>
<html lang="en">
<title>Tripkey: the console is not built</title>
<h1>The console is not built</h1>
<p>The API works: see <a href="/v1/docs">what it can do</a>. To have the console, too, run this in the folder of Tripkey
and load this page again:</p>
<pre>npm run build</pre>
</html>
`;
