import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Finding, KeyRecord } from '@tripkey/contract';
import { aKey } from '@tripkey/contract/testing';
import { hashSecret, type Logger, Metrics, secretFingerprint } from '@tripkey/service-kit';
import { ManualClock } from '@tripkey/service-kit/testing';
import express from 'express';
import { LeakDesk, type LeakDeskParts } from '../leaks/leak-desk.ts';
import { leakMetrics } from '../leaks/leak-metrics.ts';
import { leakRoutes } from '../leaks/leak-routes.ts';

const pepper = 'pepper of the leak tests';
const githubKeyId = 'f9525bf080f75b3506ca1ead061add62b8633a346606dc5fe544e29231c6ee0d';
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signatureToken = 'gitguardian-token-made-up';
const trufflehogToken = 'trufflehog-token-made-up';

/** The secret of the one key that is known. */
export const leakedSecret = 'acme_live_Zx81-made-up-KkQ0t7vB3n';
/** The secret of nobody. */
export const strangeSecret = 'acme_live_never-was-ours-00000000';
/** What GitGuardian calls the leaked secret. */
export const hmslHash = hashSecret('what GitGuardian calls the secret');

/** The door for leak reports on a port of its own, and all that it writes; with the means to sign as a feed does. */
export class LeakDoor {
  readonly clock = new ManualClock();
  readonly metrics = new Metrics();
  readonly logged: string[] = [];
  /** Rows by table, each token once. */
  readonly rows: Record<string, Record<string, unknown>[]> = {};
  /** What went into the findings topic, in order. */
  readonly sent: Finding[] = [];
  /** Records by the hash of their secret; `late` ones show with the next refresh. */
  readonly keys = new Map<string, KeyRecord>();
  readonly late = new Map<string, KeyRecord>();
  /** Tables whose next insert fails, in order. */
  readonly failures: string[] = [];
  everySecretKnown = false;
  readonly #server: Server;

  private constructor() {
    const record = KeyRecord.parse(aKey());
    for (const hash of [hashSecret(leakedSecret), hmslHash]) this.keys.set(hash, record);
    const note = (fields: object, message: string) =>
      void this.logged.push(JSON.stringify([fields, message]));
    const log: Logger = { debug: note, info: note, warn: note, error: note, child: () => log };
    const metrics = leakMetrics(this.metrics);
    const { clock } = this;
    const router = leakRoutes({
      desk: new LeakDesk({ ...this.#desk(), pepper, clock, log, metrics }),
      github: { find: async (id) => (id === githubKeyId ? publicKey : undefined) },
      gitguardian: { signatureToken },
      trufflehog: { token: trufflehogToken },
      ...{ clock, log, metrics },
    });
    this.#server = createServer(express().use(router));
  }

  static async open(): Promise<LeakDoor> {
    const door = new LeakDoor();
    await new Promise<void>((resolve) => door.#server.listen(0, '127.0.0.1', resolve));
    return door;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  post(feed: string, body: string | Buffer, headers: Record<string, string>): Promise<Response> {
    const { port } = this.#server.address() as AddressInfo;
    const sent = typeof body === 'string' ? body : Buffer.from(body);
    return fetch(`http://127.0.0.1:${port}/leaks/${feed}`, { method: 'POST', headers, body: sent });
  }

  /** Begins a post whose body never ends. @returns once the door reads it; `answer` is all that comes back. */
  async beginPost(feed: string): Promise<{ readonly answer: Promise<string>; end(): void }> {
    const { port } = this.#server.address() as AddressInfo;
    const begun = new Promise((resolve) => this.#server.once('request', resolve));
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {}); // the door may cut it off
    socket.write(`POST /leaks/${feed} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n[`);
    await begun;
    return { answer: text(socket).catch(String), end: () => void socket.destroy() };
  }

  /** Posts reports as GitHub does, signed. */
  fromGithub(...reports: object[]): Promise<Response> {
    const body = JSON.stringify(reports);
    return this.post('github', body, signedByGithub(body));
  }

  /** Everything that was kept, sent, said or counted. */
  async everything(): Promise<string> {
    return JSON.stringify([this.rows, this.sent, this.logged, await this.metrics.text()]);
  }

  #desk(): Pick<LeakDeskParts, 'store' | 'findings' | 'secrets'> {
    const door = this;
    return {
      store: {
        async insert(table, added, token) {
          if (door.failures[0] === table) {
            door.failures.shift();
            throw new Error(`no store for ${JSON.stringify(added)}`);
          }
          const rows = door.rows[table] ?? [];
          door.rows[table] = rows;
          if (rows.some((row) => row._token === token)) return;
          rows.push(...added.map((row) => ({ ...row, _token: token })));
        },
        async ask(_question, params) {
          const { report_ids: ids } = params as { report_ids: string[] };
          return (door.rows.leak_reports_v1 ?? []).filter(({ report_id: id }) =>
            ids.includes(`${id}`),
          ) as never;
        },
      },
      findings: {
        async send(messages) {
          door.sent.push(...messages.map(({ value }) => JSON.parse(String(value)) as Finding));
        },
      },
      secrets: {
        bySecret: (fingerprint) =>
          [...door.keys].find(([hash]) => secretFingerprint(pepper, hash) === fingerprint)?.[1],
        get everySecretKnown() {
          return door.everySecretKnown;
        },
        async refresh() {
          for (const [hash, key] of door.late) door.keys.set(hash, key);
        },
      },
    };
  }
}

/** One match of GitHub's. */
export function aGithubReport(token: string, changes: object = {}): object {
  const url = 'https://github.com/octo/leaky/blob/main/config.js';
  return { token, type: 'acme_api_key', url, source: 'content', ...changes };
}

export function signedByGithub(body: string | Buffer): Record<string, string> {
  return {
    'content-type': 'application/json',
    'Github-Public-Key-Identifier': githubKeyId,
    'Github-Public-Key-Signature': sign('sha256', Buffer.from(body), privateKey).toString('base64'),
  };
}

/** @param atMs epoch ms of the sender's clock */
export function signedByGitGuardian(body: string, atMs: number): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1_000));
  const hex = createHmac('sha256', timestamp + signatureToken)
    .update(body)
    .digest('hex');
  return { timestamp, 'gitguardian-signature': `sha256=${hex}` };
}

export const trufflehogHeaders = { authorization: `Bearer ${trufflehogToken}` };
