import { dayMs } from '../calendar/durations.ts';
import { usualCall } from '../keys/call.ts';
import { arrivals } from '../timing/arrivals.ts';
import type { Archetype } from './archetype.ts';

/** Forms on a website: visitors send leads when it suits them, each on their own (plain Poisson). */
export const webForm: Archetype = {
  name: 'web-form',
  share: 18,
  rhythm: 'consumer',
  requestsPerDay: { median: 170, sigma: 0.9 },
  scales: true,
  isFlow: true,
  closedShare: 0.7,
  swellShare: 1,
  dayNoise: 0.12,
  uses: [
    ['POST /v1/leads', 5],
    ['POST /v1/forms/{id}/submissions', 4, 0.6],
    ['GET /v1/forms/{id}', 2, 0.7],
    ['PATCH /v1/leads/{id}', 0.5, 0.4],
    ['POST /v1/notes', 0.2, 0.3],
    ['GET /v1/forms', 0.02, 0.4],
  ],
  clients: [
    { agents: ['formWidget', 'wordpress', 'guzzle'], provider: 'cloud', styles: ['host', 'pair', 'host6'] },
    { agents: ['axios', 'undici'], provider: 'cloud', styles: ['serverless'] },
  ],
  *traffic({ key, span, random }) {
    const rate = (at: number) => (key.requestsPerDay / dayMs) * key.tempo.at(at);
    for (const at of arrivals(random, span, rate)) yield [usualCall(random, key, at)];
  },
};
