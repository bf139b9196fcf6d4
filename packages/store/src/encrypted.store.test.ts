import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { type Certificates, clickHouseConfig, makeCertificates } from '@tripkey/test/harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClickHouseConfig, openStore } from './store.ts';

describe('a ClickHouse behind TLS that asks for certificates', () => {
  let folder: string;
  let certificates: Certificates;
  let server: Server;
  let config: ClickHouseConfig;

  beforeAll(async () => {
    folder = mkdtempSync(`${tmpdir()}/tripkey-tls-`);
    certificates = makeCertificates(folder);
    const { url, username, password } = clickHouseConfig();
    const { server: own, ca } = certificates;
    // What a server's own TLS port does: ends the encryption, and passes on what was said.
    server = createServer(
      { key: own.key, cert: own.certificate, ca, requestCert: true, rejectUnauthorized: true },
      (from, to) => {
        const options = { method: from.method, headers: from.headers };
        const inner = request(new URL(from.url ?? '/', url), options, (answer) => {
          to.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(to);
        });
        from.pipe(inner);
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const database = 'system';
    config = { url: `https://127.0.0.1:${port}`, username, password, database, requestTimeoutMs: 10_000 };
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  test('answers who trusts its authority and has a certificate of it', async () => {
    const { ca, client } = certificates;
    const tls = { ca, certificate: client.certificate, key: client.key };
    await using store = openStore({ ...config, tls });
    expect(await store.ping()).toEqual({ ok: true });
  });

  test('answers nobody without a certificate, and is not trusted without its authority', async () => {
    await using stranger = openStore({ ...config, tls: { ca: certificates.ca } });
    expect(await stranger.ping()).toMatchObject({ ok: false });
    await using distrustful = openStore(config);
    const answer = await distrustful.ping();
    expect(answer.ok || answer.error.message).toMatch(/certificate/);
  });
});
