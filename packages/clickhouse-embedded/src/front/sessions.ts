import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineConnection } from '../engine/connection.ts';
import { productDatabase } from '../engine/engine.ts';
import { identifier, literal } from '../engine/sql-text.ts';
import { QueryError } from './query-error.ts';
import type { QueryRequest } from './query-request.ts';

/** A client that has its answer may ask again before we know that it has; so long that is no second request at once, ms. */
const releaseMsMax = 1_000;

/** Named sessions that may exist at once; each holds a connection and its temporary tables. */
const sessionsMax = 500;

interface Session {
  readonly connection: EngineConnection;
  /** Parameters that an earlier request gave: the connection keeps them. */
  readonly staleParams: Set<string>;
  /** While a request has it: ends when that is over. */
  busy: Promise<void> | null;
  expiry: NodeJS.Timeout | undefined;
}

/** A connection prepared for one request. Dispose of it when the request is over. */
export interface Prepared extends AsyncDisposable {
  readonly connection: EngineConnection;
}

/**
 * Connections for requests: a fresh one each, or, with a `session_id`, the session's own, which keeps temporary tables
 * and what `SET` and `USE` statements did. Settings and parameters of one request never reach the next.
 */
export class Sessions {
  readonly #connect: () => EngineConnection;
  readonly #named = new Map<string, Session>();

  constructor(connect: () => EngineConnection) {
    this.#connect = connect;
  }

  get count(): number {
    return this.#named.size;
  }

  /**
   * @param last settings that the request cannot override
   * @throws {QueryError} 372 for a session that should exist and does not, 373 for one that is in use, 202 for one too
   * many; what the engine says of the settings and the database.
   */
  async prepare(
    user: string,
    request: QueryRequest,
    sql: string,
    last: ReadonlyMap<string, string>,
  ): Promise<Prepared> {
    return request.session === undefined
      ? await this.#fresh(request, last)
      : await this.#inSession(user, request, request.session, sql, last);
  }

  /** Ends every named session. */
  close(): void {
    for (const [key, session] of this.#named) this.#end(key, session);
  }

  async #fresh(request: QueryRequest, last: ReadonlyMap<string, string>): Promise<Prepared> {
    const connection = this.#connect();
    try {
      const settings = new Map([...request.settings, ...last]);
      await applySettings(
        connection,
        settings,
        request.params,
        `USE ${identifier(databaseOf(request.database))}; `,
      );
    } catch (error) {
      connection.close();
      throw error;
    }
    return { connection, [Symbol.asyncDispose]: async () => connection.close() };
  }

  async #inSession(
    user: string,
    request: QueryRequest,
    wanted: NonNullable<QueryRequest['session']>,
    sql: string,
    last: ReadonlyMap<string, string>,
  ): Promise<Prepared> {
    const key = JSON.stringify([user, wanted.id]);
    const busy = this.#named.get(key)?.busy;
    if (busy) await Promise.race([busy, sleep(releaseMsMax, undefined, { ref: false })]);
    const known = this.#named.get(key);
    if (known?.busy) throw new QueryError(373, 'SESSION_IS_LOCKED', `session ${wanted.id} is in use`);
    if (known === undefined && wanted.check) {
      throw new QueryError(372, 'SESSION_NOT_FOUND', `session ${wanted.id} does not exist`);
    }
    const session = known ?? this.#begin(key);
    clearTimeout(session.expiry);
    const { promise, resolve } = Promise.withResolvers<void>();
    session.busy = promise;
    const settings = new Map([...request.settings, ...last]);
    let restore = '';
    const release = async () => {
      try {
        if (restore !== '') await session.connection.run(restore, 'Null');
        session.busy = null;
        if (wanted.close) this.#end(key, session);
        else session.expiry = setTimeout(() => this.#end(key, session), wanted.timeoutS * 1000).unref();
      } catch {
        // A session whose settings cannot be put back is worth less than none.
        this.#end(key, session);
      } finally {
        resolve();
      }
    };
    try {
      refuseStaleParams(session, request, sql);
      if (known === undefined || request.database !== undefined) {
        await session.connection.run(`USE ${identifier(databaseOf(request.database))}`, 'Null');
      }
      restore = await restoreStatement(session.connection, [...settings.keys()]);
      await applySettings(session.connection, settings, request.params);
    } catch (error) {
      await release();
      throw error;
    }
    return { connection: session.connection, [Symbol.asyncDispose]: release };
  }

  #begin(key: string): Session {
    if (this.#named.size >= sessionsMax) {
      throw new QueryError(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', `more than ${sessionsMax} sessions`);
    }
    const session = {
      connection: this.#connect(),
      staleParams: new Set<string>(),
      busy: null,
      expiry: undefined,
    };
    this.#named.set(key, session);
    return session;
  }

  #end(key: string, session: Session): void {
    clearTimeout(session.expiry);
    if (this.#named.get(key) === session) this.#named.delete(key);
    session.connection.close();
  }
}

/** Clients call their default `default`; the engine's own database of that name is of no use (see `Engine.open`). */
function databaseOf(asked: string | undefined): string {
  return asked === undefined || asked === 'default' ? productDatabase : asked;
}

/** Settings and parameter values are SQL text, which the engine limits by `max_query_size` (256 KiB by default). */
const plainTextMax = 100_000;

async function applySettings(
  connection: EngineConnection,
  settings: ReadonlyMap<string, string>,
  params: ReadonlyMap<string, string>,
  before = '',
): Promise<void> {
  const parts = [...settings].map(([name, value]) => `${name} = ${literal(value)}`);
  for (const [name, value] of params) parts.push(`param_${name} = ${literal(value)}`);
  const set = `${before}SET ${parts.join(', ')}`;
  if (set.length <= plainTextMax) {
    await connection.run(set, 'Null');
    return;
  }
  // Bytes count, and a character has up to four.
  await connection.run(`SET max_query_size = ${4 * set.length + plainTextMax}`, 'Null');
  await connection.run(settings.has('max_query_size') ? set : `${set}, max_query_size = DEFAULT`, 'Null');
}

/** A parameter cannot be taken back from a connection: SQL that names one of an earlier request is refused instead. */
function refuseStaleParams(session: Session, request: QueryRequest, sql: string): void {
  for (const name of request.params.keys()) session.staleParams.add(name);
  for (const name of session.staleParams) {
    if (!request.params.has(name) && new RegExp(`\\{\\s*${name}\\s*:`).test(sql)) {
      throw new QueryError(456, 'UNKNOWN_QUERY_PARAMETER', `Substitution \`${name}\` is not set`);
    }
  }
}

/** SQL that puts settings back to what they are now. */
async function restoreStatement(connection: EngineConnection, names: readonly string[]): Promise<string> {
  if (names.length === 0) return '';
  const list = names.map(literal).join(', ');
  const question = `SELECT name, value, changed FROM system.settings WHERE name IN (${list})`;
  const { bytes } = await connection.run(question, 'JSONCompactEachRow');
  const parts = Buffer.from(bytes)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as [name: string, value: string, changed: number])
    .map(([name, value, changed]) => `${name} = ${changed ? literal(value) : 'DEFAULT'}`);
  return parts.length === 0 ? '' : `SET ${parts.join(', ')}`;
}
