import type { IncomingMessage } from 'node:http';
import { QueryError } from './query-error.ts';

/** What a request asks for besides its SQL: ClickHouse's URL parameters and headers, sorted. */
export interface QueryRequest {
  /** SQL in the URL; the body follows it. */
  readonly urlSql: string;
  readonly queryId: string | undefined;
  readonly database: string | undefined;
  /** Output format for SQL that names none. */
  readonly defaultFormat: string;
  readonly session:
    | { readonly id: string; readonly timeoutS: number; readonly check: boolean; readonly close: boolean }
    | undefined;
  /** Values of `{name:Type}`, without the `param_` prefix. */
  readonly params: ReadonlyMap<string, string>;
  readonly settings: ReadonlyMap<string, string>;
  /** Encoding for the response, when the client asked for one and set enable_http_compression. */
  readonly responseEncoding: 'gzip' | 'zstd' | 'br' | 'deflate' | undefined;
}

/** URL parameters that are no settings, and settings that only an HTTP server has. They are accepted without effect. */
const withoutEffect =
  /^(user|password|role|quota_key|stacktrace|buffer_size|client_protocol_version|wait_end_of_query|send_progress_in_http_headers|send_logs_level|cancel_http_readonly_queries_on_client_close|log_comment|add_http_cors_header|http_\w+)$/;

/**
 * Sorts the parameters of a request.
 * @throws {QueryError} for a name that cannot be one, and for ClickHouse's own block compression.
 */
export function readQueryRequest(request: IncomingMessage, url: URL): QueryRequest {
  const given = new Map(url.searchParams);
  const take = (name: string) => {
    const value = given.get(name);
    given.delete(name);
    return value === '' ? undefined : value;
  };
  if (isOn(take('compress')) || isOn(take('decompress'))) {
    throw new QueryError(
      48,
      'NOT_IMPLEMENTED',
      'compress and decompress are not served: use Content-Encoding',
    );
  }
  const id = take('session_id');
  const timeoutS = Math.min(3600, Math.max(1, Number(take('session_timeout')) || 60));
  const check = isOn(take('session_check'));
  const close = isOn(take('close_session'));
  const compress = isOn(take('enable_http_compression'));
  const known = {
    urlSql: take('query') ?? '',
    queryId: take('query_id'),
    database: take('database') ?? header(request, 'x-clickhouse-database'),
    defaultFormat: take('default_format') ?? header(request, 'x-clickhouse-format') ?? 'TabSeparated',
    session: id === undefined ? undefined : { id, timeoutS, check, close },
    responseEncoding: compress ? accepted(request) : undefined,
  };
  if (known.queryId !== undefined && /[^\x20-\x7e]/.test(known.queryId)) {
    throw new QueryError(36, 'BAD_ARGUMENTS', 'query_id may hold printable ASCII only');
  }
  const params = new Map<string, string>();
  const settings = new Map<string, string>();
  for (const [name, value] of given) {
    if (withoutEffect.test(name)) continue;
    if (!/^\w+$/.test(name)) throw new QueryError(115, 'UNKNOWN_SETTING', `no setting is called '${name}'`);
    if (name.startsWith('param_')) params.set(name.slice('param_'.length), value);
    else settings.set(name, value);
  }
  return { ...known, params, settings };
}

function accepted(request: IncomingMessage): QueryRequest['responseEncoding'] {
  const wanted = header(request, 'accept-encoding') ?? '';
  return (['gzip', 'zstd', 'br', 'deflate'] as const).find((encoding) => wanted.includes(encoding));
}

function isOn(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}

/** A header's value; undefined when it is absent or empty. */
export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value) || undefined;
}
