import { type StatementFault, statementFault } from '@tripkey/store';
import { ApiProblem } from '../http/api-problem.ts';

/** ClickHouse's numbers of errors, by what they mean for whoever asked. */
const refusedCodes = new Set([164, 291, 452, 497, 516]);
const limitCodes = new Set([158, 159, 160, 241, 307, 396, 202]);
const cancelledCodes = new Set([394]);

/** What an analyst is told when a query did not go through; null when it was not the query's fault. */
export function queryProblem(error: unknown): ApiProblem | null {
  const fault = statementFault(error);
  if (!fault) return null;
  const { code, message } = fault;
  const more = { clickhouse_code: code, ...positionOf(fault) };
  if (refusedCodes.has(code))
    return new ApiProblem(403, 'api.query_refused', 'Query refused', message, { more });
  if (limitCodes.has(code)) return new ApiProblem(422, 'api.query_limit', 'Query limit', message, { more });
  if (cancelledCodes.has(code))
    return new ApiProblem(409, 'api.query_cancelled', 'Query cancelled', message, { more });
  return new ApiProblem(422, 'api.query_failed', 'Query failed', message, { more });
}

function positionOf({ message }: StatementFault): { position?: number } {
  const [, position] = /failed at position (\d+)/.exec(message) ?? [];
  return position === undefined ? {} : { position: Number(position) };
}

export function cancelled(): ApiProblem {
  return new ApiProblem(409, 'api.query_cancelled', 'Query cancelled', 'somebody cancelled it');
}
