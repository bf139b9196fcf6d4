import { type Clock, type Logger, waitFor } from '@tripkey/service-kit';
import { schemaState } from './migrate.ts';
import type { Store } from './store.ts';
import { isStoreAway, statementFault } from './store-fault.ts';

/** ClickHouse's numbers for a table, and a database, that is not there. */
const notThere = [60, 81];

/** The database has not had every migration of this release. */
export class SchemaBehindError extends Error {
  override readonly name = 'SchemaBehindError';
  readonly code = 'store.schema_behind';

  constructor(missing: readonly string[]) {
    const what = missing.length === 0 ? 'all' : missing.join(', ');
    super(`the tables are those of an earlier release; run \`tripkey migrate\` first. Missing: ${what}`);
  }
}

/**
 * Before a service does anything: whether the tables are those that it reads and writes. Those of a later release are,
 * too: no migration takes away what the release before it uses, so that both can run side by side. While ClickHouse is away
 * it waits, until `stop` aborts.
 * @throws SchemaBehindError when migrations are missing, ClickHouseError when it may not look
 */
export async function requireSchema(
  store: Store,
  parts: { clock: Clock; log: Logger },
  stop: AbortSignal,
): Promise<void> {
  await waitFor({ name: 'ClickHouse', isAway: isStoreAway }, () => check(store), parts, stop);
}

async function check(store: Store): Promise<void> {
  let missing: readonly string[];
  try {
    missing = (await schemaState(store)).missing;
  } catch (error) {
    if (notThere.includes(statementFault(error)?.code ?? 0)) throw new SchemaBehindError([]);
    throw error;
  }
  if (missing.length > 0) throw new SchemaBehindError(missing);
}
