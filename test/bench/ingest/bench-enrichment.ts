import { createEnricher, openIpDatabase } from '@tripkey/ingest';
import * as z from 'zod';
import { SeededRandom } from '../../chaos/seeded-random.ts';
import { defineMeasurement } from '../../measure/measurement.ts';

/** What finding out about a client may cost an event, µs, when the client is known. */
const rememberedUsMax = 1;

/**
 * What enrichment costs an event: the client's address is read, looked up in the database that is installed, and its
 * network named; the user agent's family is found. Once for clients that were not seen before, once for those that come
 * back, which nearly all do: they are remembered.
 */
export const benchEnrichment = defineMeasurement({
  name: 'enrichment',
  summary: 'what country, system, network and agent family of a client cost an event',
  options: z.object({
    clients: z.coerce.number().int().min(1_000).default(40_000).describe('different addresses'),
    events: z.coerce
      .number()
      .int()
      .min(10_000)
      .default(2_000_000)
      .describe('events of clients that come back'),
  }),
  async run({ options, seed, log }) {
    const random = new SeededRandom(seed);
    const octet = () => random.whole(1, 223);
    const v4 = () => `${octet()}.${octet()}.${octet()}.${octet()}`;
    const v6 = () => `2a0${random.whole(0, 9)}:${octet().toString(16)}::${octet().toString(16)}`;
    const addresses = Array.from({ length: options.clients }, (_, i) => (i % 5 === 0 ? v6() : v4()));
    const agents = Array.from({ length: 200 }, (_, i) => `lead-sync/2.${i} (linux; node 24)`);
    const enricher = createEnricher(openIpDatabase());

    log(`${options.clients} clients for the first time`);
    const first = usOf(options.clients, (i) => enricher.origin(addresses[i]));
    log(`${options.events} events of clients that come back`);
    const remembered = usOf(options.events, (i) => enricher.origin(addresses[(i * 7_919) % options.clients]));
    const agent = usOf(options.clients, (i) => enricher.agentFamily(agents[i % agents.length]!));
    const found = addresses.filter((address) => enricher.origin(address).country !== '').length;
    return {
      figures: {
        first_us: round(first),
        remembered_us: round(remembered),
        agent_first_us: round(agent),
        countries_found_share: round(found / options.clients),
      },
      held: remembered <= rememberedUsMax,
    };
  },
});

/** CPU time of one call, µs. */
function usOf(calls: number, call: (i: number) => unknown): number {
  const before = process.cpuUsage();
  for (let i = 0; i < calls; i++) call(i);
  return process.cpuUsage(before).user / calls;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
