import type { Engine } from '../engine/engine.ts';
import type { QueryRequest } from './query-request.ts';
import type { Sessions } from './sessions.ts';
export const readOnlySettings: ReadonlyMap<string, string> = new Map([['readonly', '1']]);
export async function guardReadOnly(
  _e: Engine,
  _s: Sessions,
  _a: QueryRequest,
  _sql: string,
): Promise<void> {}
