/**
 * Tables of which every shard holds a part, with what decides the shard of a row: all rows of a key lie together. The other
 * tables are whole on every node, so that joining them costs no way over the network.
 */
export const shardedBy: Readonly<Record<string, string>> = {
  requests_raw_v1: 'cityHash64(key_id)',
  usage_per_minute_v1: 'cityHash64(key_id)',
  endpoint_use_v1: 'cityHash64(key_id)',
  key_use_v1: 'cityHash64(key_id)',
};

export interface Cluster {
  /** Its name in `remote_servers` of ClickHouse. */
  readonly name: string;
  readonly database: string;
}

/** Where a node keeps its part of a sharded table; the table's own name asks all shards. */
export const localName = (table: string) => (table in shardedBy ? `${table}_local` : table);

/** How a statement that alters, deletes from or empties a table names it. Whole tables pass it on by themselves. */
export function changing(table: string, cluster: string | undefined): string {
  return cluster !== undefined && table in shardedBy ? `${localName(table)} ON CLUSTER '${cluster}'` : table;
}

/**
 * The statements of a migration for a cluster: tables are replicated, those in `shardedBy` have a part on every shard and a
 * Distributed table in front, and what makes or drops something does it on every node.
 * @throws when a migration begins in a way that nobody thought of here
 */
export function renderForCluster(sql: string, cluster: Cluster): string[] {
  const comment = /^(?:--[^\n]*\n|\s)*/.exec(sql)?.[0] ?? '';
  const statement = sql.slice(comment.length);
  const on = `ON CLUSTER '${cluster.name}'`;
  const render = forms.find(({ begins }) => begins.test(statement));
  if (!render) throw new Error(`it is not known how to run this on a cluster: ${statement.slice(0, 60)}`);
  const match = render.begins.exec(statement)!;
  return render.on(match, statement.slice(match[0].length), on, cluster).map((one) => one.trim());
}

interface Form {
  readonly begins: RegExp;
  on(match: RegExpExecArray, rest: string, on: string, cluster: Cluster): string[];
}

const forms: readonly Form[] = [
  {
    begins: /^CREATE TABLE IF NOT EXISTS (\w+)(?: AS (\w+))?/,
    on([, table = '', like], rest, on, { name, database }) {
      const local = localName(table);
      const as = like === undefined ? '' : ` AS ${localName(like)}`;
      const made = `CREATE TABLE IF NOT EXISTS ${local} ${on}${as}${replicated(rest, table in shardedBy)}`;
      const key = shardedBy[table];
      if (key === undefined) return [made];
      const front = `ENGINE = Distributed('${name}', '${database}', '${local}', ${key})`;
      const comment = /\nCOMMENT '[^\n]*$/.exec(rest)?.[0] ?? '';
      return [made, `CREATE TABLE IF NOT EXISTS ${table} ${on} AS ${local}\n${front}${comment}`];
    },
  },
  {
    begins: /^CREATE MATERIALIZED VIEW IF NOT EXISTS (\w+) TO (\w+) AS/,
    on: ([, view, to = ''], rest, on) => [
      `CREATE MATERIALIZED VIEW IF NOT EXISTS ${view} ${on} TO ${localName(to)} AS${localOnly(rest)}`,
    ],
  },
  {
    begins: /^CREATE OR REPLACE VIEW (\w+)/,
    on: ([, view], rest, on) => [`CREATE OR REPLACE VIEW ${view} ${on}${rest}`],
  },
  {
    begins: /^ALTER TABLE (\w+)/,
    on([, table = ''], rest, on, { name }) {
      const altered = `ALTER TABLE ${changing(table, name)}${rest}`;
      // The table in front has no rows, but the same columns.
      const hasFront = table in shardedBy && /^\s+(ADD|DROP|MODIFY|COMMENT) COLUMN/.test(rest);
      return hasFront ? [altered, `ALTER TABLE ${table} ${on}${rest}`] : [altered];
    },
  },
  {
    begins: /^DROP (TABLE|VIEW) IF EXISTS (\w+)/,
    on([, kind, table = ''], rest, on) {
      const names = table in shardedBy ? [table, localName(table)] : [table];
      return names.map((name) => `DROP ${kind} IF EXISTS ${name} ${on} SYNC${rest}`);
    },
  },
  // Once is enough: what is whole is passed on, what is sharded finds its shards.
  { begins: /^INSERT INTO /, on: ([begin], rest) => [`${begin}${rest}`] },
];

/** A table's definition with an engine that keeps its replicas equal, and the setting that goes by another name then. */
function replicated(definition: string, isSharded: boolean): string {
  // Of a table that is whole everywhere, all nodes of all shards are replicas.
  const place = isSharded
    ? `'/clickhouse/tables/{database}/{shard}/{table}', '{replica}'`
    : `'/clickhouse/tables/{database}/whole/{table}', '{shard}-{replica}'`;
  return definition
    .replace(/ENGINE = (\w*)MergeTree(?:\(([^)]*)\))?/, (_all, kind: string, args?: string) => {
      return `ENGINE = Replicated${kind}MergeTree(${place}${args ? `, ${args}` : ''})`;
    })
    .replace(
      /non_replicated_deduplication_window = (\d+)/,
      'replicated_deduplication_window = $1, replicated_deduplication_window_seconds = 604800',
    );
}

function localOnly(select: string): string {
  return select.replace(
    /\b(FROM|JOIN) (\w+)/g,
    (_all, word: string, table: string) => `${word} ${localName(table)}`,
  );
}
