import { dayMs, minuteMs } from '../calendar/durations.ts';
import { usualCall } from '../keys/call.ts';
import { arrivals, modulated } from '../timing/arrivals.ts';
import type { Archetype } from './archetype.ts';

/** Passes on what happens elsewhere (an automation platform): triggers workflows, delivers webhooks; bursty. */
export const relay: Archetype = {
  name: 'relay',
  share: 11,
  rhythm: 'consumer',
  requestsPerDay: { median: 350, sigma: 0.9 },
  scales: true,
  isFlow: true,
  closedShare: 0.6,
  swellShare: 0.9,
  dayNoise: 0.2,
  uses: [
    ['POST /v1/workflows/{id}/trigger', 5],
    ['POST /v1/webhooks/{id}/deliveries', 3, 0.7],
    ['POST /v1/leads', 2, 0.6],
    ['GET /v1/leads/{id}', 2, 0.6],
    ['GET /v1/workflows/{id}/runs', 1, 0.5],
    ['POST /v1/tasks', 0.5, 0.4],
    ['GET /v1/webhooks', 0.05, 0.5],
  ],
  clients: [
    { agents: ['zapier', 'make'], provider: 'cloud', styles: ['nat', 'serverless'] },
    { agents: ['n8n', 'undici'], provider: 'cloud', styles: ['host', 'pair', 'host6'] },
  ],
  *traffic({ key, span, random }) {
    const steady = (at: number) => (key.requestsPerDay / dayMs) * key.tempo.at(at);
    const rate = modulated(random, steady, { shape: 1.5 + (key.index % 4), stretchMs: 20 * minuteMs });
    for (const at of arrivals(random, span, rate)) yield [usualCall(random, key, at)];
  },
};
