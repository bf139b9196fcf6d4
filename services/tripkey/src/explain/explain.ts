import type { Finding } from '@tripkey/contract';
import { type Reproduction, reproduce } from '@tripkey/detector';
import { countRows, findingFromRow, findingsOf, type Store } from '@tripkey/store';
import { UsageError } from '../usage-error.ts';

/** A finding, the raw events behind it, and what judging again gave. */
export interface Explanation {
  readonly finding: Finding;
  /** Rows that the finding's query finds now; null when it has none or cannot be run. */
  readonly rows: number | null;
  /** Why the rows cannot be counted. */
  readonly rowsFault?: string;
  readonly reproduction: Reproduction;
}

/**
 * Explains a finding, or each finding of an incident.
 * @throws {UsageError} when there is neither of that id.
 */
export async function explain(store: Store, id: string): Promise<Explanation[]> {
  const findings = (await store.ask(findingsOf, { id })).map(findingFromRow);
  if (findings.length === 0)
    throw new UsageError(`there is no finding and no incident ${JSON.stringify(id)}`);
  const explanations: Explanation[] = [];
  for (const finding of findings)
    explanations.push({ finding, ...(await countEvents(store, finding)), reproduction: reproduce(finding) });
  return explanations;
}

async function countEvents(
  store: Store,
  { evidence }: Finding,
): Promise<Pick<Explanation, 'rows' | 'rowsFault'>> {
  if (evidence.sql === undefined) return { rows: null, rowsFault: 'the finding holds no query' };
  try {
    return { rows: await countRows(store, evidence.sql) };
  } catch (error) {
    return { rows: null, rowsFault: error instanceof Error ? error.message : String(error) };
  }
}
