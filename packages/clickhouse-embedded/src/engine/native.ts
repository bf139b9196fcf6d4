import { createRequire } from 'node:module';
import { EmbeddedClickHouseError } from '../embedded-error.ts';

/** A connection of the engine: its own settings, temporary tables and current database. */
export type NativeConnection = { readonly __connection: unique symbol };
export type NativeStream = { readonly __stream: unique symbol };

export interface NativeResult {
  readonly bytes: Uint8Array;
  readonly rowsRead: number;
  readonly bytesRead: number;
}

/** What the engine's parser says of a text: how many statements, and what the first kind of them does. */
export interface Classification {
  readonly statementCount: number;
  /** 0 reads, 1 writes, 2 changes access, 3 changes the session or the server, 4 cannot be parsed. */
  readonly queryClass: number;
}

/**
 * The part of chDB's Node addon that is used here. It is called directly, not through the package's `Session`, because
 * `Session.close()` waits for every query of the process: one long query would keep all closed connections alive.
 */
export interface NativeAddon {
  CreateConnection(folder: string, args?: readonly string[]): NativeConnection;
  /** Only when no call on the connection is under way: the engine would abort. */
  CloseConnection(connection: NativeConnection): void;
  QueryAsyncConnection(connection: NativeConnection, sql: string, format: string): Promise<NativeResult>;
  StreamQuery(connection: NativeConnection, sql: string, format: string): NativeStream;
  StreamFetch(stream: NativeStream): Promise<{ bytes: Uint8Array; numRows: number; done: boolean }>;
  StreamCancel(stream: NativeStream): void;
  DurableClassifyAsync(connection: NativeConnection, sql: string, database: null): Promise<Classification>;
}

const libraries: Readonly<Record<string, string>> = {
  'linux-x64': '@chdb/lib-linux-x64-gnu',
  'linux-arm64': '@chdb/lib-linux-arm64-gnu',
  'darwin-arm64': '@chdb/lib-darwin-arm64',
  'darwin-x64': '@chdb/lib-darwin-x64',
};

/**
 * Loads the engine library of this platform (about 540 MB on disk, 200 MB of memory).
 * @throws {EmbeddedClickHouseError} `platform_unsupported`
 */
export function loadNative(platform: string = process.platform, arch: string = process.arch): NativeAddon {
  const library = libraries[`${platform}-${arch}`];
  const remedy =
    `The embedded ClickHouse runs on Linux (glibc) and macOS, on x64 and arm64. ` +
    `Anywhere else set CLICKHOUSE_URL to a ClickHouse server.`;
  if (library === undefined) {
    throw new EmbeddedClickHouseError(
      'platform_unsupported',
      `no engine library for ${platform}-${arch}. ${remedy}`,
    );
  }
  try {
    const chdb = createRequire(import.meta.url).resolve('chdb/package.json');
    return createRequire(chdb)(library) as NativeAddon;
  } catch (cause) {
    throw new EmbeddedClickHouseError(
      'platform_unsupported',
      `the engine library ${library} cannot be loaded (was it left out by --omit=optional?). ${remedy}`,
      { cause },
    );
  }
}
