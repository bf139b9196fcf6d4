import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const Installation = z.object({
  /** Findings about the time before are learning, not alerts. Epoch ms. */
  installed_at: z.number(),
  /** Makes replaced secrets comparable; lost with the folder. */
  pepper: z.string().min(32),
  /** SHA-256 of tokens that may emit events. */
  emit_token_hashes: z.array(z.string().length(64)),
});

export interface OpenedInstallation {
  readonly installedAt: number;
  readonly pepper: string;
  readonly emitTokenHashes: readonly string[];
  /** The token that gateways send events with; only the first start knows it. */
  readonly newEmitToken: string | null;
}

/**
 * What an installation is, apart from its data: kept in `installation.json` of its folder, readable by its owner only.
 * Made with the first start. The token for gateways is not kept, only its hash.
 * @throws when the file is there but is not ours.
 */
export function openInstallation(folder: string, now: number): OpenedInstallation {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'installation.json');
  const newEmitToken = existsSync(path) ? null : `tripkey_emit_${randomBytes(24).toString('base64url')}`;
  if (newEmitToken) {
    const installation: z.infer<typeof Installation> = {
      installed_at: now,
      pepper: randomBytes(32).toString('hex'),
      emit_token_hashes: [hashToken(newEmitToken)],
    };
    writeFileSync(path, `${JSON.stringify(installation, null, 2)}\n`, { mode: 0o600 });
  }
  const read = Installation.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!read.success)
    throw new Error(`${path} is damaged; restore it from a backup or start with a new folder`);
  const { installed_at, pepper, emit_token_hashes } = read.data;
  return { installedAt: installed_at, pepper, emitTokenHashes: emit_token_hashes, newEmitToken };
}

/** SHA-256 in hex; enough for a token of 192 random bits, which no dictionary holds. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
