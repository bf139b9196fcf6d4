import { dayMs } from '../calendar/durations.ts';
import { type Call, usualCall } from '../keys/call.ts';
import { arrivals } from '../timing/arrivals.ts';
import { oneAfterAnother } from '../timing/schedules.ts';
import type { Archetype } from './archetype.ts';

const callsMean = 5;

/** An app on the phones of sales people: one key, hundreds of carrier addresses, all day and on Saturdays. */
export const fieldApp: Archetype = {
  name: 'field-app',
  share: 4,
  rhythm: 'consumer',
  requestsPerDay: { median: 280, sigma: 0.7 },
  scales: true,
  isFlow: true,
  closedShare: 0.4,
  swellShare: 0.6,
  dayNoise: 0.15,
  uses: [
    ['GET /v1/me', 2],
    ['GET /v1/leads', 3],
    ['GET /v1/leads/{id}', 5],
    ['PATCH /v1/leads/{id}', 2],
    ['POST /v1/notes', 1.5],
    ['GET /v1/tasks', 1.5, 0.7],
    ['PATCH /v1/tasks/{id}', 1, 0.6],
    ['GET /v1/files/{id}', 0.5, 0.4],
  ],
  clients: [{ agents: ['fieldApp', 'okhttp'], provider: 'mobile', styles: ['mobile'] }],
  *traffic({ key, span, random }) {
    const sessionsPerMs = key.requestsPerDay / callsMean / dayMs;
    for (const start of arrivals(random, span, (at) => sessionsPerMs * key.tempo.at(at))) {
      const calls: Call[] = [];
      for (const at of oneAfterAnother(random, start, random.geometric(callsMean), 3500)) {
        calls.push(usualCall(random, key, at));
      }
      yield calls;
    }
  },
};
