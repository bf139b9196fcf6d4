import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { UsageError } from '../usage-error.ts';

/** What a backup holds; the last thing that is written, so that a backup that was cut off has none. */
export const BackupManifest = z.object({
  format: z.literal('tripkey-backup-1'),
  made_at: z.iso.datetime(),
  /** Number of the last migration that the tables had had. */
  schema: z.int(),
  tables: z.array(
    z.object({
      table: z.string().regex(/^\w+$/),
      /** null: it was written to meanwhile. */
      rows: z.int().nonnegative().nullable(),
      files: z.array(
        z.object({ file: z.string().regex(/^[\w-]+\.native\.zst$/), sha256: z.string().length(64) }),
      ),
    }),
  ),
});
export type BackupManifest = z.infer<typeof BackupManifest>;

const name = 'manifest.json';

export function writeManifest(folder: string, manifest: BackupManifest): void {
  writeFileSync(join(folder, name), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
}

/** @throws {UsageError} when the folder holds no whole backup */
export function readManifest(folder: string): BackupManifest {
  let text: string;
  try {
    text = readFileSync(join(folder, name), 'utf8');
  } catch {
    throw new UsageError(`${folder} holds no backup that was finished: it has no ${name}`);
  }
  const parsed = BackupManifest.safeParse(JSON.parse(text));
  if (!parsed.success) throw new UsageError(`${folder}/${name} was not written by tripkey backup`);
  return parsed.data;
}

/** SHA-256 of a file, hex. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
