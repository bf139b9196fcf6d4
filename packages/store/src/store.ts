import { Readable } from 'node:stream';
import {
  type ClickHouseClient,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from '@clickhouse/client';
import * as z from 'zod';
import { changing } from './cluster/render-for-cluster.ts';
import type { Block } from './native/encode-block.ts';
import type { Question } from './question.ts';
import { isConnectionLost } from './store-fault.ts';

export const ClickHouseConfig = z.object({
  url: z.url().default('http://127.0.0.1:8123'),
  username: z.string().default('default'),
  password: z.string().default(''),
  database: z.string().regex(/^\w+$/).default('tripkey'),
  cluster: z
    .string()
    .regex(/^\w+$/)
    .optional()
    .describe('name of the cluster in `remote_servers` of ClickHouse; absent: one server'),
  requestTimeoutMs: z.coerce.number().int().positive().default(60_000),
  tls: z
    .object({
      ca: z
        .string()
        .optional()
        .describe('PEM: who signs the server’s certificate; absent: the public authorities'),
      certificate: z
        .string()
        .optional()
        .describe('PEM: of this process, where the server asks for one (mTLS)'),
      key: z.string().optional().describe('PEM: private key of the certificate'),
    })
    .refine(
      ({ ca, certificate, key }) =>
        (certificate === undefined) === (key === undefined) && (!certificate || ca),
      {
        message: 'certificate, key and ca go together',
      },
    )
    .optional()
    .describe('with an https URL'),
});
export type ClickHouseConfig = z.infer<typeof ClickHouseConfig>;

/**
 * ClickHouse as the services see it: questions, tokened inserts, commands. The same for a server and for the
 * embedded engine; only the URL differs.
 */
export interface Store extends AsyncDisposable {
  readonly database: string;
  /** Name of the cluster; null for one server. */
  readonly cluster: string | null;
  /** How a statement that alters a table, or takes rows out of it, names it: its rows may lie on several servers. */
  changing(table: string): string;
  /** Asks a question. @throws ClickHouseError, or ZodError when an answer has another shape than promised. */
  ask<P extends z.ZodObject, R extends z.ZodType>(
    question: Question<P, R>,
    params: z.input<P>,
    signal?: AbortSignal,
  ): Promise<z.infer<R>[]>;
  /**
   * Inserts rows all at once or not at all (one block). A second insert of the same table and token within the
   * deduplication window changes nothing, also not in rollups.
   */
  insert(table: string, rows: readonly object[], token: string, signal?: AbortSignal): Promise<void>;
  /** The same for a block that is encoded already, as ingest makes them: no text is written or read on the way. */
  insertBlock(table: string, block: Block, token: string, signal?: AbortSignal): Promise<void>;
  /** Runs a statement without an answer. */
  command(sql: string): Promise<void>;
  /** Whether ClickHouse answers, and the error when not. */
  ping(): Promise<{ ok: true } | { ok: false; error: Error }>;
  /** The client itself, for exports and the SQL page. */
  readonly client: ClickHouseClient;
}

/** Settings of every insert; each is there because its default loses or doubles rows (docs/decisions). */
const insertSettings = {
  async_insert: 0,
  wait_end_of_query: 1,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  date_time_input_format: 'best_effort',
  input_format_import_nested_json: 1,
  // One block an insert, so that one token covers it whole.
  max_insert_block_size: '4194304',
  min_insert_block_size_rows: '4194304',
  min_insert_block_size_bytes: '1073741824',
  max_partitions_per_insert_block: 1000,
} as unknown as ClickHouseSettings;

/** What every statement needs where the tables lie on several servers. */
const clusterSettings = {
  // An insert has ended when every shard has its rows, and most replicas of the shard.
  distributed_foreground_insert: 1,
  insert_quorum: 'auto',
  insert_quorum_parallel: 1,
  // A question inside a question is asked once, for all shards.
  distributed_product_mode: 'global',
  // All read from the same replicas while these are well, and so what was written before.
  load_balancing: 'in_order',
  alter_sync: '2',
} as unknown as ClickHouseSettings;

/** Where the server is, who we are and whom we trust, as the client takes it. */
export function connection({ url, username, password, tls }: ClickHouseConfig) {
  if (tls?.ca === undefined) return { url, username, password };
  const { ca, certificate, key } = tls;
  const ca_cert = Buffer.from(ca);
  if (certificate === undefined || key === undefined) return { url, username, password, tls: { ca_cert } };
  const ours = { cert: Buffer.from(certificate), key: Buffer.from(key) };
  return { url, username, password, tls: { ca_cert, ...ours } };
}

/** Opens a store; it connects with the first call. */
export function openStore(config: ClickHouseConfig): Store {
  const client = createClient({
    ...connection(config),
    database: config.database,
    request_timeout: config.requestTimeoutMs,
    application: 'tripkey',
    // Errors are thrown and logged by who asked; the client's own log would repeat them with the query.
    log: { level: ClickHouseLogLevel.OFF },
    compression: { request: false, response: false },
    // Long parameters do not fit into a URL.
    use_multipart_params_auto: true,
    clickhouse_settings: {
      output_format_json_quote_64bit_integers: 0,
      ...(config.cluster === undefined ? {} : clusterSettings),
    },
  });

  return {
    client,
    database: config.database,
    cluster: config.cluster ?? null,
    changing: (table) => changing(table, config.cluster),
    async ask(question, params, signal) {
      const query = {
        query: question.sql,
        query_params: question.params.parse(params) as Record<string, unknown>,
        format: question.format === 'compact' ? ('JSONCompactEachRow' as const) : ('JSONEachRow' as const),
        ...(signal ? { abort_signal: signal } : {}),
      };
      const rows = await onceMore(
        async () => (await (await client.query(query)).json()) as unknown[],
        signal,
      );
      if (question.check === 'first') {
        if (rows.length > 0) question.row.parse(rows[0]);
        return rows as z.infer<typeof question.row>[];
      }
      return z.array(question.row).parse(rows) as z.infer<typeof question.row>[];
    },
    async insert(table, rows, token, signal) {
      if (rows.length === 0) return;
      const insert = {
        table,
        values: rows as object[],
        format: 'JSONEachRow' as const,
        clickhouse_settings: { ...insertSettings, insert_deduplication_token: token },
        ...(signal ? { abort_signal: signal } : {}),
      };
      await onceMore(() => client.insert(insert), signal);
    },
    async insertBlock(table, block, token, signal) {
      if (block.rows === 0) return;
      const { stream } = await client.exec({
        query: `INSERT INTO ${table} (${block.columns.join(', ')}) FORMAT Native`,
        values: Readable.from(block.encode(), { objectMode: false }),
        clickhouse_settings: { ...insertSettings, insert_deduplication_token: token },
        ...(signal ? { abort_signal: signal } : {}),
      });
      stream.resume();
      await new Promise<void>((resolve, reject) => {
        stream.once('error', reject);
        stream.once('close', resolve);
        stream.once('end', resolve);
      });
    },
    async command(sql) {
      await client.command({ query: sql, clickhouse_settings: { wait_end_of_query: 1 } });
    },
    async ping() {
      const result = await client.ping({ select: true });
      return result.success ? { ok: true } : { ok: false, error: result.error };
    },
    async [Symbol.asyncDispose]() {
      await client.close();
    },
  };
}

/**
 * The server may close a connection just as it is used again. A question can be asked twice, and rows with their token
 * be sent twice.
 */
async function onceMore<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted || !isConnectionLost(error)) throw error;
    return work();
  }
}
