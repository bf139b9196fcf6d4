import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type EmbeddedClickHouse,
  type EmbeddedClickHouseOptions,
  startEmbeddedClickHouse,
} from '../start-embedded-clickhouse.ts';

export interface EngineUnderTest extends AsyncDisposable {
  readonly engine: EmbeddedClickHouse;
  readonly folder: string;
  readonly lines: readonly string[];
  /** Posts SQL, or rows for SQL in the URL, as curl would. */
  post(
    body: string | Uint8Array,
    url?: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** An engine on a folder of its own; both are gone after disposal. */
export async function anEngine(options: Partial<EmbeddedClickHouseOptions> = {}): Promise<EngineUnderTest> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'tripkey-engine-'));
  const lines: string[] = [];
  const engine = await startEmbeddedClickHouse({ log: (line) => lines.push(line), ...options, folder });
  return {
    engine,
    folder,
    lines,
    post: (body, url = {}, headers = {}) => ask(engine.url, body, url, headers),
    async [Symbol.asyncDispose]() {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ask(
  base: string,
  body: string | Uint8Array,
  parameters: Record<string, string>,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(`${base}/?${new URLSearchParams(parameters)}`, {
    method: 'POST',
    body: body as string | Uint8Array<ArrayBuffer>,
    headers,
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, text: Buffer.from(bytes).toString() };
}
