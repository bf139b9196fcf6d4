import { ClickHouseError } from '@clickhouse/client';
import { isUnreachable } from '@tripkey/service-kit';

/** What ClickHouse said about a statement that it did not run. */
export interface StatementFault {
  /** ClickHouse's number of the error. */
  readonly code: number;
  readonly message: string;
}

/** What ClickHouse itself said; null for any other error. */
export function statementFault(error: unknown): StatementFault | null {
  if (!(error instanceof ClickHouseError)) return null;
  return { code: Number(error.code), message: error.message };
}

/** Whether an error says that ClickHouse cannot be reached, or does not answer. */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof ClickHouseError) return false;
  const { code } = error as NodeJS.ErrnoException;
  return (
    isUnreachable(error) ||
    code?.startsWith('UND_ERR_') === true ||
    /timeout|socket hang up/i.test(error.message)
  );
}

/** Whether a connection that was there ended before an answer came. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof ClickHouseError) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE' || /socket hang up/i.test(error.message);
}
