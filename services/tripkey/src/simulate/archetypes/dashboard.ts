import { dayMs } from '../calendar/durations.ts';
import { type Call, usualCall } from '../keys/call.ts';
import { arrivals } from '../timing/arrivals.ts';
import type { Archetype } from './archetype.ts';

/** Views of a session and calls of a view, on average. */
const viewsMean = 6;
const callsMean = 4;

/** People looking at a dashboard during office hours: sessions of views, each a handful of calls at once. */
export const dashboard: Archetype = {
  name: 'dashboard',
  share: 9,
  rhythm: 'office',
  requestsPerDay: { median: 260, sigma: 0.8 },
  scales: true,
  isFlow: false,
  closedShare: 0.1,
  swellShare: 0.4,
  dayNoise: 0.25,
  uses: [
    ['GET /v1/leads', 4],
    ['GET /v1/deals', 4],
    ['GET /v1/reports/{id}', 3],
    ['GET /v1/reports', 1, 0.8],
    ['GET /v1/leads/{id}', 2, 0.7],
    ['GET /v1/campaigns/{id}/stats', 2, 0.6],
    ['GET /v1/me', 1.5],
    ['GET /v1/search', 1, 0.5],
    ['GET /v1/users', 0.2, 0.4],
    ['POST /v1/reports/{id}/run', 0.2, 0.4],
  ],
  clients: [
    { agents: ['browser', 'safari'], provider: 'office', styles: ['nat', 'lease', 'host'] },
    { agents: ['axios', 'undici'], provider: 'cloud', styles: ['host', 'serverless'] },
  ],
  *traffic({ key, span, random }) {
    const sessionsPerMs = key.requestsPerDay / (viewsMean * callsMean) / dayMs;
    for (const start of arrivals(random, span, (at) => sessionsPerMs * key.tempo.at(at))) {
      const calls: Call[] = [];
      const views = random.geometric(viewsMean);
      let view = start;
      for (let i = 0; i < views; i++) {
        let at = view;
        for (let call = random.geometric(callsMean); call > 0; call--) {
          calls.push(usualCall(random, key, at));
          at += random.exponential(60);
        }
        view = at + random.lognormal(22_000, 1);
      }
      yield calls;
    }
  },
};
