import * as z from 'zod';

/**
 * What a partition's owner writes beside the committed offset before it inserts a batch: from that offset up to `to`,
 * exclusive, an insert may have been sent. Whoever finds it forms the same batch again, of the same rows.
 */
export interface Intent {
  /** The offset after the last of the batch. */
  readonly to: bigint;
  /** Arrival of the batch, epoch ms: all its rows have it, and so have they when they are formed again. */
  readonly arrivedAtMs: number;
  /** Name of the engine's run when the intent was written (`readEngineRun`); an earlier one does no harm. */
  readonly run: string;
}

const Metadata = z.object({ v: z.literal(1), e: z.string().regex(/^\d+$/), t: z.number(), u: z.string() });

/** The intent as metadata of an offset commit; empty for none. */
export function writeIntent(intent: Intent | null): string {
  if (!intent) return '';
  const { to, arrivedAtMs, run } = intent;
  return JSON.stringify({ v: 1, e: String(to), t: arrivedAtMs, u: run } satisfies z.infer<typeof Metadata>);
}

/**
 * Reads an intent back. `unknown` when the metadata are not ours, such as those that a tool wrote which reset the
 * group's offsets: then anything above the offset may be stored already.
 */
export function readIntent(metadata: string): Intent | 'none' | 'unknown' {
  if (metadata === '') return 'none';
  try {
    const { e, t, u } = Metadata.parse(JSON.parse(metadata));
    return { to: BigInt(e), arrivedAtMs: t, run: u };
  } catch {
    return 'unknown';
  }
}
