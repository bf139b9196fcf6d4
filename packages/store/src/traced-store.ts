import type { Tracing } from '@tripkey/service-kit';
import type { Store } from './store.ts';

/** The same store, whose inserts are spans. Without tracing it is the store itself. */
export function tracedStore(store: Store, tracing: Tracing | null): Store {
  if (tracing === null) return store;
  const inserting = <T>(table: string, rows: number, work: () => Promise<T>) => {
    const attributes = {
      'db.system.name': 'clickhouse',
      'db.collection.name': table,
      'db.operation.batch.size': rows,
    };
    return tracing.span(`insert ${table}`, { kind: 'client', attributes }, work);
  };
  return {
    ...store,
    insert: (table, rows, token, signal) =>
      inserting(table, rows.length, () => store.insert(table, rows, token, signal)),
    insertBlock: (table, block, token, signal) =>
      inserting(table, block.rows, () => store.insertBlock(table, block, token, signal)),
  };
}
