import * as z from 'zod';
import { defineMeasurement } from '../../measure/measurement.ts';
import { consoleBytes } from './console-bytes.ts';
import { diskUse, keyName } from './fill-fleet.ts';
import { openFleetApi } from './open-fleet-api.ts';

const dayMs = 86_400_000;
/** Initial JavaScript of the console, compressed. */
const consoleBytesMax = 250_000;

/**
 * How long people wait for the pages that they look at most, over HTTP, on the embedded engine. A `SELECT 1` by the same
 * way is the reference: what the wire and the engine take for nothing.
 */
export const benchApi = defineMeasurement({
  name: 'api',
  summary:
    'how long the API takes for the pages people look at most, on many keys and weeks; size of the console',
  options: z.object({
    keys: z.coerce.number().int().positive().default(100_000).describe('keys'),
    days: z.coerce.number().int().positive().default(28).describe('days of traffic'),
    perDay: z.coerce.number().int().positive().default(4).describe('requests a key and day'),
    incidents: z.coerce.number().int().positive().default(2_000).describe('incidents'),
    times: z.coerce.number().int().min(10).default(60).describe('how often each question is asked'),
  }),
  async run({ options: { keys, days, perDay, incidents, times }, seed, log, signal }) {
    await using fleet = await openFleetApi({ keys, days, perDay, incidents, seed, log, signal });
    const { url, api, store } = fleet;
    const { secret } = await api.tokens.create({
      ...{ name: 'bench', scopes: ['read'], by: 'bench', expiresAt: null },
    });

    let failed = 0;
    const ask = async (path: string, body?: unknown): Promise<string> => {
      const response = await fetch(url + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) {
        failed++;
        log(`${path}: ${response.status} ${text.slice(0, 200)}`);
      }
      return text;
    };
    const sql = (text: string) => ask('/v1/query', { sql: text });
    const someKey = (n: number) => keyName((n * 7_919 + seed) % keys);
    const weeks = new Date(Date.now() - days * dayMs).toISOString();
    const questions: Readonly<Record<string, (n: number) => Promise<unknown>>> = {
      select_1: () => sql('SELECT 1'),
      key_detail: (n) =>
        Promise.all([
          ask(`/v1/keys/${someKey(n)}`),
          ask(`/v1/keys/${someKey(n)}/usage?from=${weeks}`),
          ask(`/v1/keys/${someKey(n)}/activity`),
          ask(`/v1/keys/${someKey(n)}/grants`),
        ]),
      key_list: () => ask('/v1/keys?limit=50'),
      key_search: (n) => ask(`/v1/keys?limit=50&q=owner-${n}`),
      incident_list: () => ask('/v1/incidents?limit=50'),
      overview: () => ask('/v1/overview'),
      sql_one_key: (n) =>
        sql(`SELECT minute, requests FROM usage WHERE key_id = '${someKey(n)}' ORDER BY minute`),
      sql_busiest_keys: () =>
        sql(
          'SELECT key_id, sum(requests) AS n FROM usage WHERE minute >= now() - INTERVAL 1 DAY GROUP BY key_id ORDER BY n DESC LIMIT 50',
        ),
    };
    const figures: Record<string, number | boolean | null> = { keys, days, raw_rows: keys * days * perDay };
    for (const [name, question] of Object.entries(questions)) {
      const took: number[] = [];
      for (let n = 0; n < times && !signal.aborted; n++) {
        const startedAt = performance.now();
        await question(n);
        if (n >= 3) took.push(performance.now() - startedAt);
      }
      took.sort((a, b) => a - b);
      const at = (share: number) => Math.round(took[Math.ceil(share * took.length) - 1] ?? 0);
      figures[`${name}_p50_ms`] = at(0.5);
      figures[`${name}_p99_ms`] = at(0.99);
      log(`${name}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
    }
    const seen = JSON.parse(await sql(`SELECT sum(requests) FROM usage WHERE key_id = '${someKey(1)}'`));
    const [disk] = await store.ask(diskUse, {});
    const perEvent = (bytes = Number.NaN) => Math.round((bytes / (keys * days * perDay)) * 10) / 10;
    const console = consoleBytes();
    return {
      figures: {
        ...figures,
        failed,
        raw_disk_per_event_bytes: perEvent(disk?.raw),
        disk_per_event_bytes: perEvent(disk?.all),
        console_initial_js_gz_bytes: console?.initial ?? null,
        console_all_js_gz_bytes: console?.all ?? null,
      },
      held:
        failed === 0 &&
        seen.rows[0][0] === days * perDay &&
        (console === null || console.initial <= consoleBytesMax),
    };
  },
});
