import { getLocal, type Mockttp } from 'mockttp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { KeyAction, KeyIssuer } from '../key-issuer.ts';
import { aCommand } from './a-command.ts';

/**
 * What an adapter makes of an issuer that fails, whichever it is: never "done", never a state that nobody named. Every
 * call of the adapter goes to a server that fails in one way.
 * @param open the adapter on a URL, with a time-out in ms
 */
export function describeIssuerFaults(
  name: string,
  open: (url: string, timeoutMs: number) => KeyIssuer,
  { keyId = 'key_1', action = 'disable' }: { keyId?: string; action?: KeyAction } = {},
): void {
  describe(`an issuer that fails: ${name}`, () => {
    let server: Mockttp;
    beforeAll(async () => {
      server = getLocal();
      await server.start();
    });
    beforeEach(() => server.reset());
    afterAll(() => server.stop());

    /** Generous, but where the server never answers. */
    const issuer = (timeoutMs = 10_000) => open(server.url, timeoutMs);
    const act = (one: KeyIssuer) => one.act(aCommand({ keyId, action }));

    test('429 is asked again after the time that it names', async () => {
      await server.forAnyRequest().thenReply(429, '{}', { 'retry-after': '7' });
      expect(await act(issuer())).toMatchObject({
        kind: 'retry',
        why: 'rate_limited',
        ambiguous: false,
        afterMs: 7_000,
      });
      expect(await issuer().read(keyId)).toMatchObject({
        state: 'unknown',
        why: 'rate_limited',
        afterMs: 7_000,
      });
    });

    test.each([500, 502, 503, 504])('%i says nothing', async (status) => {
      await server.forAnyRequest().thenReply(status, '<html>trouble</html>', { 'content-type': 'text/html' });
      expect(await act(issuer())).toMatchObject({ kind: 'retry' });
      expect(await issuer().read(keyId)).toMatchObject({ state: 'unknown' });
    });

    test.each([401, 403])('%i never means that a key is stopped', async (status) => {
      await server.forAnyRequest().thenReply(status, '{}');
      expect(['refused', 'retry']).toContain((await act(issuer())).kind);
      expect(await issuer().read(keyId)).toMatchObject({ state: 'unknown' });
    });

    test.each([
      ['a page of a proxy', '<html>welcome</html>', 'text/html'],
      ['nothing', '', 'application/json'],
      ['half an answer', '{"data": {"keyId": "key_1", "enab', 'application/json'],
      ['another kind of JSON', '[1, 2, {"ok": true}]', 'application/json'],
      ['an empty object', '{}', 'application/json'],
      ['more than anybody needs', `{"pad":"${'x'.repeat(200_000)}"}`, 'application/json'],
    ])('200 with %s is no success', async (_, body, type) => {
      await server.forAnyRequest().thenReply(200, body, { 'content-type': type });
      expect(['refused', 'retry']).toContain((await act(issuer())).kind);
      expect(await issuer().read(keyId)).toMatchObject({ state: 'unknown' });
    });

    test("a 404 that is not the issuer's own says nothing about the key", async () => {
      await server
        .forAnyRequest()
        .thenReply(404, '<html>no such page</html>', { 'content-type': 'text/html' });
      expect(await act(issuer())).toMatchObject({ kind: 'retry' });
      expect(await issuer().read(keyId)).toMatchObject({ state: 'unknown' });
    });

    test('a redirect is not followed', async () => {
      const other = await server
        .forAnyRequest()
        .withUrlMatching(/elsewhere/)
        .thenReply(200, '{}');
      await server.forAnyRequest().thenReply(307, '', { location: `${server.url}/elsewhere` });
      expect(await act(issuer())).toMatchObject({ kind: 'retry' });
      expect(await issuer().read(keyId)).toMatchObject({ state: 'unknown' });
      expect(await other.getSeenRequests()).toEqual([]);
    });

    test('a connection that breaks off says nothing', async () => {
      await server.forAnyRequest().thenCloseConnection();
      expect(await act(issuer())).toMatchObject({ kind: 'retry', why: 'connection_lost' });
      expect(await issuer().read(keyId)).toMatchObject({ state: 'unknown', why: 'connection_lost' });
    });

    test('an answer that does not come ends with the time-out', async () => {
      await server.forAnyRequest().thenTimeout();
      expect(await act(issuer(150))).toMatchObject({ kind: 'retry', why: 'timeout' });
      expect(await issuer(150).read(keyId)).toMatchObject({ state: 'unknown', why: 'timeout' });
    });

    test('an issuer that is not there has certainly done nothing', async () => {
      const gone = getLocal();
      await gone.start();
      const { url } = gone;
      await gone.stop();
      const result = await act(open(url, 10_000));
      expect(result).toMatchObject({ kind: 'retry', why: 'unreachable', ambiguous: false });
    });
  });
}
