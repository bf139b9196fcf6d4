import { openGenericIssuer, verifyIssuer } from '@tripkey/issuers/generic';
import { describeKeyIssuer } from '@tripkey/issuers/testing';
import { expect, test } from 'vitest';
import { aSandbox, tokens } from '../testing/a-sandbox.ts';

/** What the network does to the next action. */
type Mishap = 'lose-reply' | 'rate-limit';

describeKeyIssuer('generic adapter and sandbox over HTTP', async () => {
  const sandbox = await aSandbox();
  const mishaps: Mishap[] = [];
  const issuer = openGenericIssuer({
    name: 'sandbox',
    url: sandbox.url,
    token: tokens.issuer,
    fetch: async (url, init) => {
      const mishap = init?.method === 'POST' ? mishaps.shift() : undefined;
      if (mishap === 'rate-limit') {
        const problem = { type: 'about:blank', title: 'slow down', status: 429, code: 'rate_limited' };
        return Response.json(problem, { status: 429, headers: { 'retry-after': '3' } });
      }
      const response = await fetch(url, init);
      if (mishap !== 'lose-reply') return response;
      await response.arrayBuffer();
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) });
    },
  });
  return {
    issuer,
    addKey: async (changes) => (await sandbox.createKey({ ...sandbox.wish, ...changes })).record.key_id,
    loseNextReply: () => void mishaps.push('lose-reply'),
    rateLimitNext: () => void mishaps.push('rate-limit'),
    close: () => sandbox.close(),
  };
});

test('the sandbox keeps every promise of the contract, case by case', async () => {
  const sandbox = await aSandbox();
  const { record } = await sandbox.createKey(sandbox.wish);
  const cases = await verifyIssuer({ url: sandbox.url, token: tokens.issuer, keyId: record.key_id });
  expect(cases.length).toBeGreaterThanOrEqual(8);
  expect(cases.filter(({ ok }) => !ok)).toEqual([]);
  expect(sandbox.listKeys()).toMatchObject([{ status: 'active' }]);
  await sandbox.close();
});
