import { type Engine, productDatabase } from '../engine/engine.ts';
import { FunctionList } from './function-list.ts';
import { QueryError } from './query-error.ts';
import type { QueryRequest } from './query-request.ts';
import type { Sessions } from './sessions.ts';
import { tokens } from './sql-tokens.ts';

/** Limits of a query of a read-only user; a request may ask for less. */
const limits = {
  max_execution_time: 30,
  max_memory_usage: 1_000_000_000,
  max_result_rows: 10_000_000,
  max_result_bytes: 1_000_000_000,
} as const;

/**
 * Settings that such a request may give: how results look, and limits. By name, since others that only seem to be about
 * looks name files: `output_format_schema` is one that the engine writes.
 */
const free =
  /^(output_format_(json|csv|tsv|pretty|markdown)_\w+|output_format_(write_statistics|decimal_trailing_zeros)|date_time_output_format|session_timezone|join_use_nulls|max_block_size|max_threads)$/;

/** Formats that need nothing but the result. Others read or write files for their schema or their template. */
const plainFormats =
  /^((JSON|NDJSON|CSV|TSV|TabSeparated|Pretty|RowBinary)\w*|TSKV|Raw|RawBLOB|LineAsString|Native|Values|Vertical|XML|Markdown|Null|Parquet|Arrow|ArrowStream)$/i;

const systemTables = new Set(
  'one numbers numbers_mt zeros tables columns databases functions data_type_families formats'.split(' '),
);
const tableFunctions = new Set(
  'numbers zeros generateseries generate_series values view null one'.split(' '),
);

/** Nodes of the engine's syntax tree that can do nothing but read tables and compute. */
const nodes = new Set(
  `SelectWithUnionQuery SelectIntersectExceptQuery SelectQuery ExpressionList Literal Identifier TableIdentifier Function
  Asterisk QualifiedAsterisk ColumnsRegexpMatcher ColumnsListMatcher QualifiedColumnsRegexpMatcher
  QualifiedColumnsListMatcher ColumnsTransformerList ColumnsExceptTransformer ColumnsReplaceTransformer
  ColumnsReplaceTransformer::Replacement Subquery TablesInSelectQuery TablesInSelectQueryElement TableExpression TableJoin
  ArrayJoin WithElement OrderByElement InterpolateElement WindowDefinition WindowListElement SampleRatio Set Explain
  DescribeQuery ShowTables ShowFunctions ShowColumns ExistsTableQuery`.split(/\s+/),
);

/** Settings that close a connection to writing, with the limits; given last, since `readonly` forbids further ones. */
export function readOnlySettings(asked: QueryRequest): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const [name, most] of Object.entries(limits)) {
    const wanted = Number(asked.settings.get(name));
    settings.set(name, String(wanted > 0 ? Math.min(wanted, most) : most));
  }
  return settings.set('result_overflow_mode', 'throw').set('readonly', '1');
}

/**
 * Stands in for the users and grants that the engine does not have when it is embedded. The engine's own `readonly` stops
 * writing, but lets anybody read any file of the machine by a scalar function; so the engine's parser is asked what the
 * statement consists of, and only what is known to be harmless passes.
 */
export class ReadOnlyGate {
  readonly #engine: Engine;
  #functions: Promise<FunctionList> | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * @param sql without a FORMAT clause: what is looked at must be what is run
   * @param format in which the result is to come
   * @param open the product's tables that may be read; absent: all
   * @throws {QueryError} 164 or 497, with the reason; what the engine says of SQL that it cannot read.
   */
  async check(
    sessions: Sessions,
    asked: QueryRequest,
    { sql, format }: { readonly sql: string; readonly format: string },
    open?: readonly string[],
  ): Promise<void> {
    if (!plainFormats.test(format)) throw refused(`the format ${format}`);
    if (asked.session !== undefined) throw refused('sessions');
    for (const name of asked.settings.keys()) {
      if (!free.test(name) && !(name in limits)) throw refused(`the setting ${name}`);
    }
    if (asked.database !== undefined && asked.database !== 'default' && asked.database !== productDatabase) {
      throw refused(`the database ${asked.database}`);
    }
    refuseOddNames(asked, sql);
    const tree = await this.#syntaxTree(sessions, asked, sql);
    this.#functions ??= FunctionList.of(this.#engine);
    const databases = new Set(
      (await this.#engine.ask('SELECT lower(name) FROM system.databases')).split('\n'),
    );
    inspect(tree, await this.#functions, databases, await this.#tablesBut(open));
  }

  /** Tables of the product other than those that are open: one that is made later is closed until somebody opens it. */
  async #tablesBut(open: readonly string[] | undefined): Promise<ReadonlySet<string>> {
    if (open === undefined) return new Set();
    const all = await this.#engine.ask(
      `SELECT lower(name) FROM system.tables WHERE database = '${productDatabase}'`,
    );
    return new Set(all.split('\n').filter((name) => !open.includes(name)));
  }

  /** The tree as text, with parameters put in. */
  async #syntaxTree(sessions: Sessions, asked: QueryRequest, sql: string): Promise<string> {
    await using prepared = await sessions.prepare('', asked, sql, readOnlySettings(asked));
    const { bytes } = await prepared.connection.run(`EXPLAIN AST ${sql}`, 'TSVRaw');
    return Buffer.from(bytes).toString();
  }
}

/** Names that could write lines of their own into the printed tree. */
function refuseOddNames(asked: QueryRequest, sql: string): void {
  let first: string | undefined;
  for (const token of tokens(sql)) {
    first ??= token.text.toUpperCase();
    if (token.kind === 'quoted' && /[\\\n\r]/.test(token.text))
      throw refused('a name with a line break or a backslash');
  }
  if (!/^(SELECT|WITH|\(|SHOW|DESCRIBE|DESC|EXISTS|EXPLAIN)$/.test(first ?? ''))
    throw refused('this statement');
  for (const [, name = ''] of sql.matchAll(/\{\s*(\w+)\s*:\s*Identifier\s*\}/gi)) {
    if (!/^[\w.]*$/.test(asked.params.get(name) ?? ''))
      throw refused('a name with other than letters, digits, _ and .');
  }
}

function inspect(
  tree: string,
  functions: FunctionList,
  databases: ReadonlySet<string>,
  hidden: ReadonlySet<string>,
): void {
  const parents: string[] = [];
  for (const line of tree.split('\n')) {
    if (line === '') continue;
    const [, indent = '', node = '', rest = ''] = /^( *)(\S+)(?: (.*))?$/.exec(line) ?? [];
    const depth = indent.length;
    parents[depth] = node;
    if (!nodes.has(node)) throw refused(`${node}, a part of this statement,`);
    const name = rest.replace(/ \((alias|children) .*$/, '');
    if (node === 'Function') {
      const allowed =
        parents[depth - 1] === 'TableExpression'
          ? tableFunctions.has(name.toLowerCase())
          : functions.allows(name);
      if (!allowed) throw refused(`the function ${name}`);
    } else if (node === 'Identifier' || node === 'TableIdentifier') {
      const parts = name.toLowerCase().split('.');
      // A column's table is named, too: `api_tokens_v1.hash`. A table after IN looks like a column.
      if (parts.some((part) => hidden.has(part))) throw refused(`the table ${name}`);
      const [database = '', table] = parts;
      const foreign = databases.has(database) && database !== productDatabase;
      if (
        foreign &&
        (table !== undefined || node === 'Identifier') &&
        !(database === 'system' && systemTables.has(table ?? ''))
      ) {
        throw refused(`${name}, of another database,`);
      }
      // Where a function is expected the engine takes a bare name for one: `arrayMap(file, …)`.
      if (node === 'Identifier' && table === undefined && functions.refuses(name)) {
        throw refused(`the name ${name}, which is also a function's (write table.${name}),`);
      }
    } else if (node === 'Explain' && /OVERRIDE/i.test(name)) throw refused('EXPLAIN TABLE OVERRIDE');
  }
}

function refused(what: string): QueryError {
  return new QueryError(497, 'ACCESS_DENIED', `${what} is not open to read-only users`);
}
