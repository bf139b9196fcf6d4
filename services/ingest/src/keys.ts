import { createHash } from 'node:crypto';
import { KeyRecord, topics } from '@tripkey/contract';
import { secretFingerprint } from '@tripkey/service-kit';
import type { Store } from '@tripkey/store';
import { type ConsumeParts, consume } from './consume.ts';
import { deadLetter, redactText } from './dead-letter.ts';
import { createSecretFirewall, isSecretKeyId, type SecretFirewall } from './firewall/secret-firewall.ts';
import type { Intake, TakenRecord } from './intake.ts';
import { describeIssues, type Rejection } from './validate.ts';

/** A row of `keys_v1`: a record with every column filled, and its version. */
export interface KeyRow {
  readonly key_id: string;
  /** Epoch ms; of two records of a key the higher one counts. */
  readonly version: number;
  readonly [column: string]: unknown;
}

export interface ConsumeKeysParts extends Omit<ConsumeParts, 'topic' | 'progressMs'> {
  /** Secret of this installation, as for the pipeline. */
  readonly pepper: string | Uint8Array;
}

/**
 * Reads what issuers say about keys into `keys_v1` until `stop` aborts. A deleted record changes nothing: what was
 * known of a key stays known.
 * @throws {TooManyRejectedError} when too many records are unusable, or what the source could not overcome.
 */
export async function consumeKeys(parts: ConsumeKeysParts, stop: AbortSignal): Promise<void> {
  const intake = keyIntake(parts, createSecretFirewall(parts.pepper));
  await consume(intake, { ...parts, topic: topics.keys, progressMs: 0 }, stop);
}

const importRowsMax = 10_000;

/**
 * Stores records that an issuer's API or a file gave. Importing the same again changes nothing. Whether an id is a secret
 * (`isSecretKeyId`) is for the caller to see to.
 * @param version epoch ms; a record replaces what has a lower one
 * @param pepper of the installation, for hashes of secrets; null: they are left out, so no leak report finds a key
 */
export async function importKeys(
  store: Store,
  records: readonly KeyRecord[],
  version: number,
  pepper: string | Uint8Array | null,
): Promise<void> {
  for (let from = 0; from < records.length; from += importRowsMax) {
    const rows = records.slice(from, from + importRowsMax).map((record) => keyRow(record, version, pepper));
    const digest = createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 32);
    await store.insert('keys_v1', rows, `keys:${digest}`);
  }
}

function keyRow(record: KeyRecord, version: number, pepper: string | Uint8Array | null): KeyRow {
  const { rate_limit, quota, created_at, expires_at, rotated_at, revoked_at, secret_hashes, ...rest } =
    record;
  return {
    ...rest,
    lineage_id: record.lineage_id ?? '',
    account_id: record.account_id ?? '',
    app_id: record.app_id ?? '',
    name: record.name ?? '',
    owner: record.owner ?? '',
    issuer: record.issuer ?? '',
    rate_limit: rate_limit ?? null,
    quota: quota ?? null,
    created_at: created_at ?? null,
    expires_at: expires_at ?? null,
    rotated_at: rotated_at ?? null,
    revoked_at: revoked_at ?? null,
    secret_fingerprints:
      pepper === null ? [] : (secret_hashes ?? []).map((hash) => secretFingerprint(pepper, hash)),
    version,
  };
}

const nothing: TakenRecord = { rows: 0, deadLetters: [] };
/** About what a row takes in memory, bytes. */
const keyRowBytes = 1_000;

/** Rows of a batch about keys. */
class KeyRows {
  readonly list: KeyRow[] = [];

  get rows(): number {
    return this.list.length;
  }

  get bytes(): number {
    return this.list.length * keyRowBytes;
  }
}

function keyIntake(
  { store, metrics, pepper }: Pick<ConsumeKeysParts, 'store' | 'metrics' | 'pepper'>,
  firewall: SecretFirewall,
): Intake<KeyRows> {
  const records = metrics.counter(
    'tripkey_ingest_key_records_total',
    'Records about keys, by what became of them; rejected: the issuer sends another format',
    ['result'],
  );
  return {
    begin: () => new KeyRows(),
    take(record, position, arrivedAtMs, into) {
      if (record.value === null) {
        records.inc({ result: 'deleted' });
        return nothing;
      }
      const text = Buffer.from(record.value).toString('utf8');
      const read = readKeyRecord(text);
      if ('reason' in read) {
        records.inc({ result: 'rejected' });
        const original = redactText(text, firewall, () => {});
        return { rows: 0, deadLetters: [deadLetter(original, read, { position, idx: 0, arrivedAtMs })] };
      }
      records.inc({ result: 'accepted' });
      into.list.push(keyRow(read, record.timestamp > 0 ? record.timestamp : arrivedAtMs, pepper));
      return { rows: 1, deadLetters: [] };
    },
    insert: ({ list }, token, signal) => store.insert('keys_v1', list, token, signal),
  };
}

/** A record whose id has the form of a secret is refused: the table of keys holds none. */
function readKeyRecord(text: string): KeyRecord | Rejection {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { reason: 'not_json', detail: '' };
  }
  const parsed = KeyRecord.safeParse(value);
  if (!parsed.success) return { reason: 'invalid_field', detail: describeIssues(parsed.error) };
  if (isSecretKeyId(parsed.data.key_id))
    return { reason: 'secret_as_id', detail: 'key_id: has the form of a secret' };
  return parsed.data;
}
