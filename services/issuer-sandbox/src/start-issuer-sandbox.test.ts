import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { eventually } from '@tripkey/service-kit/testing';
import { expect, test } from 'vitest';
import { aSandbox } from './testing/a-sandbox.ts';

test('closing waits for the request under way and takes no more', async () => {
  const sandbox = await aSandbox();
  const { secret } = await sandbox.createKey(sandbox.wish);
  const underWay = request(`${sandbox.url}/v1/leads`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
  });
  underWay.write('{"name": "Ada", "email": "ada@mail.example", ');
  await eventually(async () => {
    expect(await (await sandbox.call('/metrics')).text()).toContain('requests_total{outcome="valid"} 1');
  });
  const closed = sandbox.close(60_000);
  await expect(sandbox.call('/v1/leads', secret)).rejects.toThrow('fetch failed');
  underWay.end('"company": "Oak Kitchens", "source": "phone", "status": "new"}');
  const [response] = (await once(underWay, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(201);
  expect(await json(response)).toMatchObject({ name: 'Ada' });
  await closed;
  await sandbox.close();
});

test('a port that is taken is an error at the start', async () => {
  const sandbox = await aSandbox();
  await expect(aSandbox({ port: Number(new URL(sandbox.url).port) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await sandbox.close();
});

test('it says that it lives and is ready', async () => {
  const sandbox = await aSandbox();
  expect((await sandbox.call('/livez')).status).toBe(200);
  expect(await (await sandbox.call('/readyz')).json()).toEqual({ ready: true, reasons: [] });
  await sandbox.close();
});
