import { KeyRecord } from '@tripkey/contract';
import { isSecretKeyId } from '@tripkey/ingest';
import { readLines } from './read-lines.ts';
import { UsageError } from './usage-error.ts';

/**
 * Reads KeyRecords, one JSON object a line.
 * @param secretIds whether ids that have the form of a secret may pass: not where they are kept
 * @throws {UsageError} naming the first line that is not one, never what stands there.
 */
export async function readKeys(path: string, secretIds: 'taken' | 'refused'): Promise<KeyRecord[]> {
  const records: KeyRecord[] = [];
  let number = 0;
  for await (const bytes of readLines(path).lines) {
    number++;
    const line = Buffer.from(bytes).toString('utf8');
    if (line.trim() === '') continue;
    const record = parseKey(line, `${path}, line ${number}`);
    if (secretIds === 'refused' && isSecretKeyId(record.key_id)) {
      throw new UsageError(
        `${path}, line ${number}: key_id has the form of a secret; give the public id of the key`,
      );
    }
    records.push(record);
  }
  return records;
}

function parseKey(line: string, where: string): KeyRecord {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new UsageError(`${where}: not JSON`);
  }
  const parsed = KeyRecord.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new UsageError(`${where}: not a key record (${faults.join('; ')})`);
}
