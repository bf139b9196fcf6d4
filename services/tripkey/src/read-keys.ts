import { KeyRecord } from '@tripkey/contract';
import { readLines } from './read-lines.ts';
import { UsageError } from './usage-error.ts';

/**
 * Reads KeyRecords, one JSON object a line.
 * @throws {UsageError} naming the first line that is not one.
 */
export async function readKeys(path: string): Promise<KeyRecord[]> {
  const records: KeyRecord[] = [];
  let number = 0;
  for await (const bytes of readLines(path).lines) {
    number++;
    const line = Buffer.from(bytes).toString('utf8');
    if (line.trim() === '') continue;
    records.push(parseKey(line, `${path}, line ${number}`));
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
