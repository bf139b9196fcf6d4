import * as z from 'zod';
import { Time } from './page.ts';

const novelty = { requests: z.number(), first_at: Time };

/** How the key's use since the incident began differs from the 14 days before. */
export const IncidentChanges = z.object({
  from: Time,
  to: Time,
  compared_from: Time,
  new_networks: z.array(z.object({ network: z.string(), asn: z.int(), country: z.string(), ...novelty })),
  new_endpoints: z.array(
    z.object({ method: z.string(), route: z.string(), granted: z.boolean().nullable(), ...novelty }),
  ),
  new_agents: z.array(z.object({ agent_family: z.string(), ...novelty })),
  rates: z
    .array(z.object({ what: z.string(), now: z.number(), before: z.number() }))
    .describe('a minute of use: requests, bytes_out, denied, errors_5xx'),
  blast_radius: z.object({
    requests: z.number(),
    accepted: z.number(),
    bytes_out: z.number(),
    objects: z.int().describe('different paths that were read or written'),
    writes: z.number().describe('accepted requests with a method other than GET, HEAD or OPTIONS'),
    networks: z.int(),
    endpoints: z.array(
      z.object({
        method: z.string(),
        route: z.string(),
        accepted: z.number(),
        objects: z.int(),
        bytes_out: z.number(),
      }),
    ),
    after_stop: z
      .number()
      .nullable()
      .describe('requests accepted after the confirmed stop; null: not stopped'),
  }),
});
export type IncidentChanges = z.infer<typeof IncidentChanges>;

/** A request as it is stored. Everything in it may come from an attacker: text, never markup. */
export const SampleEvent = z.object({
  ts: Time,
  event_id: z.string(),
  key_id: z.string(),
  method: z.string(),
  route: z.string(),
  path: z.string(),
  status: z.int(),
  outcome: z.string(),
  client_ip: z.string(),
  network: z.string(),
  asn: z.int(),
  country: z.string(),
  user_agent: z.string(),
  bytes_in: z.number(),
  bytes_out: z.number(),
  latency_ms: z.number(),
  gateway: z.string(),
  trace_id: z.string(),
});
export type SampleEvent = z.infer<typeof SampleEvent>;
