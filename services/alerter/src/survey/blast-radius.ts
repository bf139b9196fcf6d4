import { keyRequests, keyTraffic, type Store } from '@tripkey/store';
import * as z from 'zod';

const count = z.int().nonnegative();
const place = { requests: count, is_familiar: z.boolean() };

/** What stopping a key would block, and of whom: told before anybody acts. Shares 0 to 1, times epoch ms. */
export const BlastRadius = z.object({
  since: z.int().describe('requests from here on are looked at'),
  until: z.int(),
  requests: count.describe('accepted requests of the key in that time'),
  familiar: count.describe('of these, from a network and to an endpoint that its own past had'),
  familiar_share: z.number().min(0).max(1).nullable().describe('null without requests'),
  networks: z.array(z.object({ network: z.string(), country: z.string(), ...place })).max(5),
  networks_total: count,
  endpoints: z.array(z.object({ endpoint: z.string(), ...place })).max(5),
  endpoints_total: count,
  usual_per_hour: z
    .number()
    .nonnegative()
    .nullable()
    .describe('accepted requests an hour before; null without a past'),
  actions: z.array(
    z.object({
      action: z.enum(['disable', 'block_unfamiliar_networks']),
      blocks: count.describe('requests of that time that it would have blocked'),
      blocks_familiar: count.describe('and how many of those look like the owner'),
    }),
  ),
  is_cut: z.boolean().describe('there were more combinations than were looked at'),
});
export type BlastRadius = z.infer<typeof BlastRadius>;

/** One network and endpoint of a key's traffic. */
export interface TrafficRow {
  readonly network: string;
  readonly country: string;
  readonly method: string;
  readonly route: string;
  readonly requests: number;
  readonly knows_network: number;
  readonly knows_endpoint: number;
}

const listedMax = 5;
const rowsMax = 10_000;
const hourMs = 3_600_000;
const historyMs = 14 * 24 * hourMs;

/** The arithmetic: traffic by network and endpoint into what each action would block. */
export function blastRadiusOf(
  rows: readonly TrafficRow[],
  facts: { since: number; until: number; usualPerHour: number | null; isCut?: boolean },
): BlastRadius {
  const total = (some: readonly TrafficRow[]) => some.reduce((sum, { requests }) => sum + requests, 0);
  const familiarRows = rows.filter((row) => row.knows_network === 1 && row.knows_endpoint === 1);
  const strange = rows.filter((row) => row.knows_network === 0);
  const requests = total(rows);
  const familiar = total(familiarRows);
  const networks = [...Map.groupBy(rows, ({ network }) => network).values()];
  const endpoints = [...Map.groupBy(rows, ({ method, route }) => `${method} ${route}`)];
  return {
    since: facts.since,
    until: facts.until,
    requests,
    familiar,
    familiar_share: requests === 0 ? null : familiar / requests,
    networks: networks
      .map((some) => ({
        network: some[0]!.network,
        country: some[0]!.country,
        requests: total(some),
        is_familiar: some[0]!.knows_network === 1,
      }))
      .sort((a, b) => b.requests - a.requests)
      .slice(0, listedMax),
    networks_total: networks.length,
    endpoints: endpoints
      .map(([endpoint, some]) => ({
        endpoint,
        requests: total(some),
        is_familiar: some[0]!.knows_endpoint === 1,
      }))
      .sort((a, b) => b.requests - a.requests)
      .slice(0, listedMax),
    endpoints_total: endpoints.length,
    usual_per_hour: facts.usualPerHour,
    actions: [
      { action: 'disable', blocks: requests, blocks_familiar: familiar },
      // A network that its past did not have is nowhere familiar.
      { action: 'block_unfamiliar_networks', blocks: total(strange), blocks_familiar: 0 },
    ],
    is_cut: facts.isCut ?? false,
  };
}

/**
 * Asks ClickHouse for it. `sinceMs` is where the odd use began; what came before, up to 14 days, is the key's own past.
 * @throws when ClickHouse does not answer
 */
export async function askBlastRadius(
  store: Store,
  keyId: string,
  span: { sinceMs: number; untilMs: number },
  signal?: AbortSignal,
): Promise<BlastRadius> {
  const { sinceMs: since, untilMs: until } = span;
  const asked = { key_id: keyId, since, history_ms: historyMs, rows_max: rowsMax };
  const rows = await store.ask(keyTraffic, asked, signal);
  const [past] = await store.ask(
    keyRequests,
    { key_id: keyId, from: since - historyMs, until: since },
    signal,
  );
  const hours = past && past.requests > 0 ? Math.max(1, (since - past.first_at) / hourMs) : 0;
  const usualPerHour = hours > 0 ? past!.requests / hours : null;
  return blastRadiusOf(rows, { since, until, usualPerHour, isCut: rows.length === rowsMax });
}
