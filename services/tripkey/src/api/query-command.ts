import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { SqlResult } from '@tripkey/contract/api';
import { stopSignal } from '@tripkey/service-kit';
import { Command, Option } from 'commander';
import { UsageError } from '../usage-error.ts';
import { ApiClient, apiHelp } from './api-client.ts';
import { textTable } from './text-table.ts';

interface Options {
  format: 'table' | 'json' | 'ndjson' | 'csv';
  json?: boolean;
  param: Record<string, string>;
  rows: string;
}

/** `tripkey query`: one question in SQL, as an analyst may ask it. */
export function queryCommand(): Command {
  return new Command('query')
    .description('ask ClickHouse in SQL: one reading statement, 30 s, 1 GB, 10 million rows')
    .argument('<sql>', 'the statement, or - for standard input')
    .addOption(
      new Option('--format <format>', 'how the answer comes; csv and ndjson stream every row')
        .choices(['table', 'json', 'ndjson', 'csv'])
        .default('table'),
    )
    .option('--json', 'the same as --format json')
    .option('--param <name=value>', 'for {name:Type} in the SQL; can be given several times', param, {})
    .option('--rows <count>', 'rows of a table or of JSON, at most 10000', '1000')
    .addHelpText(
      'after',
      `
Examples:
  tripkey query "SELECT key_id, sum(requests) FROM usage WHERE minute >= today() GROUP BY key_id"
  tripkey query --param key=key_1 "SELECT * FROM usage WHERE key_id = {key:String} ORDER BY minute DESC"
  tripkey query --format csv - < question.sql > answer.csv
More questions: docs/sql-cookbook.md. Ctrl-C cancels.
${apiHelp}`,
    )
    .action(async (sql: string, options: Options) => {
      const rows_max = Number(options.rows);
      if (!Number.isInteger(rows_max) || rows_max < 1 || rows_max > 10_000)
        throw new UsageError('--rows: a whole number from 1 to 10000');
      const client = new ApiClient(process.env);
      const format = options.json ? 'json' : options.format;
      const streamed = format === 'csv' || format === 'ndjson';
      const response = await client.send('POST', '/v1/query', {
        body: {
          sql: sql === '-' ? await text(process.stdin) : sql,
          ...{ params: options.param, rows_max, format: streamed ? format : 'json' },
        },
        signal: stopSignal(),
      });
      if (streamed) return await pass(response);
      const result = (await response.json()) as SqlResult;
      if (format === 'json') return void process.stdout.write(`${JSON.stringify(result)}\n`);
      process.stdout.write(
        textTable(
          result.columns.map(({ name }) => name),
          result.rows,
        ),
      );
      const shown = `${result.rows.length} rows in ${(result.elapsed_ms / 1000).toFixed(2)} s`;
      process.stderr.write(
        result.more ? `the first ${shown}; there are more: --format csv has all\n` : `${shown}\n`,
      );
    });
}

/** @throws when the answer was cut off: what was printed is not the whole then */
async function pass(response: Response): Promise<void> {
  for await (const chunk of response.body!) {
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
  }
}

function param(given: string, had: Record<string, string>): Record<string, string> {
  const at = given.indexOf('=');
  if (at < 1) throw new UsageError(`--param ${given}: give it as name=value`);
  return { ...had, [given.slice(0, at)]: given.slice(at + 1) };
}
