import * as z from 'zod';
import type { Store } from './store.ts';

/** The embedded engine counts its unclean stops and tells the number with every answer. */
const uncleanStopsHeader = 'x-tripkey-engine-unclean-stops';

const Answer = z.tuple([z.object({ host: z.string(), started_at: z.number() })]);

/**
 * Names the run of the engine that answers. While the name stays the same, no insert was cut off by a crash of the
 * engine: deduplication tokens can be trusted. A server tells no difference between a crash and a proper restart, so
 * there every restart makes another name. Behind a load balancer each host has its own.
 */
export async function readEngineRun(store: Store): Promise<string> {
  const result = await store.client.query({
    query: 'SELECT hostName() AS host, toUnixTimestamp(now()) - uptime() AS started_at',
    format: 'JSONEachRow',
  });
  const [{ host, started_at }] = Answer.parse(await result.json());
  const uncleanStops = result.response_headers[uncleanStopsHeader];
  if (uncleanStops !== undefined) return `embedded ${String(uncleanStops)}`;
  return `${host} ${started_at}`;
}

/** Whether two names of `readEngineRun` stand for the same run. Uptime counts whole seconds, so a start may be off by some. */
export function isSameRun(a: string, b: string): boolean {
  if (a === b) return true;
  const [, hostA, startedA] = named.exec(a) ?? [];
  const [, hostB, startedB] = named.exec(b) ?? [];
  if (hostA === undefined || hostA !== hostB || hostA === 'embedded') return false;
  return Math.abs(Number(startedA) - Number(startedB)) <= 2;
}

const named = /^(\S+) (\d+)$/;
