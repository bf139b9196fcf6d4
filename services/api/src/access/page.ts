import type { Response } from 'express';

/**
 * Answers with a small page.
 * @param title plain text of ours
 * @param body HTML of ours
 */
export function page(response: Response, status: number, title: string, body: string): void {
  response
    .status(status)
    .set('Cache-Control', 'no-store')
    .type('html')
    .send(
      `<!doctype html>\n<html lang="en">\n<title>${title}</title>\n<h1>${title}</h1>\n${body}\n</html>\n`,
    );
}
