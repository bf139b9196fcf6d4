import { open, readFile, rename } from 'node:fs/promises';
import { KeyRecord } from '@tripkey/contract';
import { WireResult } from '@tripkey/issuers/generic';
import * as z from 'zod';

export const StoredKey = z.object({
  record: KeyRecord,
  secret_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Grows with every change. */
  version: z.int().positive(),
  updated_at: z.iso.datetime(),
});
/** Never changed in place: who holds one, such as the gateway's cache, holds what was true then. */
export type StoredKey = Readonly<z.infer<typeof StoredKey>>;

export const StoredOperation = z.object({
  /** SHA-256 of what was asked under this id. */
  asked: z.string(),
  result: WireResult,
});
export type StoredOperation = Readonly<z.infer<typeof StoredOperation>>;

const StateFile = z.object({
  version: z.literal(1),
  keys: z.array(StoredKey),
  operations: z.array(z.tuple([z.string(), StoredOperation])),
});

/** Everything the issuer knows. Replaced as a whole by each change. */
export interface IssuerState {
  readonly keys: ReadonlyMap<string, StoredKey>;
  /** Answers by operation id, oldest first. */
  readonly operations: ReadonlyMap<string, StoredOperation>;
}

export interface StateKeeper {
  load(): Promise<IssuerState>;
  /** Resolves when the state would survive a power cut; when it throws, the last one is still there. */
  save(state: IssuerState): Promise<void>;
}

export const emptyState: IssuerState = { keys: new Map(), operations: new Map() };

export const inMemoryState: StateKeeper = { load: async () => emptyState, save: async () => {} };

/**
 * Keeps the state in a JSON file that only its owner can read. A file that is not there yet is an empty state.
 * `load` throws when the file cannot be read as one: starting empty would forget keys that are in use.
 */
export function stateFile(path: string): StateKeeper {
  return {
    async load() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (text === undefined) return emptyState;
      const parsed = StateFile.safeParse(parseJson(text));
      if (!parsed.success) throw new Error(`${path} does not hold the keys of an issuer sandbox`);
      const { keys, operations } = parsed.data;
      return { keys: new Map(keys.map((key) => [key.record.key_id, key])), operations: new Map(operations) };
    },

    // Written beside and moved over: at any moment the file is whole, the old one or the new one.
    async save({ keys, operations }) {
      const file: z.infer<typeof StateFile> = {
        version: 1,
        keys: [...keys.values()],
        operations: [...operations],
      };
      const beside = `${path}.new`;
      const handle = await open(beside, 'w', 0o600);
      try {
        await handle.writeFile(`${JSON.stringify(file, null, 1)}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(beside, path);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema says no to it, without quoting the file
  }
}
