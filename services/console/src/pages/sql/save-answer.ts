import { Problem, type SqlQuery } from '@tripkey/contract/api';
import { ApiError, csrfHeaders } from '../../api/call.ts';

/** Asks again, for all rows, and saves the answer as a file. @throws ApiError when the query is refused or fails */
export async function saveAnswer(sql: string, format: 'csv' | 'ndjson'): Promise<void> {
  const body = { sql, params: {}, rows_max: 10_000, format } satisfies SqlQuery;
  const response = await fetch('/v1/query', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...csrfHeaders() },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new ApiError(Problem.parse(await response.json()));
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = `tripkey-query.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
