import { dayMs } from '../calendar/durations.ts';
import { type Call, usualCall } from '../keys/call.ts';
import { arrivals } from '../timing/arrivals.ts';
import { oneAfterAnother } from '../timing/schedules.ts';
import type { Archetype } from './archetype.ts';

const callsMean = 2.5;

/** A script somebody runs now and then: a few calls a week. */
export const sparse: Archetype = {
  name: 'sparse',
  share: 8,
  rhythm: 'office',
  requestsPerDay: { median: 1.2, sigma: 0.8 },
  scales: false,
  isFlow: false,
  closedShare: 0.1,
  swellShare: 0,
  dayNoise: 0.3,
  uses: [
    ['GET /v1/reports/{id}', 3],
    ['GET /v1/invoices', 2, 0.5],
    ['GET /v1/leads', 2, 0.6],
    ['GET /v1/users', 0.5, 0.3],
    ['POST /v1/contacts', 0.6, 0.3],
  ],
  clients: [
    { agents: ['curl', 'requests', 'postman'], provider: 'office', styles: ['lease', 'nat'] },
    { agents: ['guzzle', 'go'], provider: 'cloud', styles: ['host'] },
  ],
  *traffic({ key, span, random }) {
    const sessionsPerMs = key.requestsPerDay / callsMean / dayMs;
    for (const start of arrivals(random, span, (at) => sessionsPerMs * key.tempo.at(at))) {
      const calls: Call[] = [];
      for (const at of oneAfterAnother(random, start, random.geometric(callsMean), 20_000)) {
        calls.push(usualCall(random, key, at));
      }
      yield calls;
    }
  },
};
