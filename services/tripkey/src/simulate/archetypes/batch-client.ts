import { dayMs, hourMs, minuteMs } from '../calendar/durations.ts';
import { usualCall } from '../keys/call.ts';
import { arrivals, modulated } from '../timing/arrivals.ts';
import type { Archetype } from './archetype.ts';

/** Days without a call on average, and hours a job runs. */
const offDaysMean = 1.8;
const onHoursMedian = 3;

/** Off for days, then a job of hours whose pace swings wildly: the hardest honest client to tell from a thief. */
export const batchClient: Archetype = {
  name: 'batch-client',
  share: 7,
  rhythm: 'machine',
  requestsPerDay: { median: 320, sigma: 1.1 },
  scales: true,
  isFlow: false,
  closedShare: 0.9,
  swellShare: 0.2,
  dayNoise: 0.4,
  uses: [
    ['PATCH /v1/contacts/{id}', 5],
    ['GET /v1/contacts/{id}', 4],
    ['POST /v1/contacts', 3, 0.7],
    ['GET /v1/contacts', 1],
    ['POST /v1/contacts/merge', 0.8, 0.5],
    ['PATCH /v1/companies/{id}', 1.5, 0.5],
    ['DELETE /v1/notes/{id}', 0.5, 0.25],
    ['GET /v1/files/{id}', 0.8, 0.3],
  ],
  clients: [
    { agents: ['requests', 'aiohttp', 'spark'], provider: 'cloud', styles: ['host', 'serverless', 'nat'] },
    { agents: ['dotnet'], provider: 'office', styles: ['lease', 'host'] },
  ],
  *traffic({ key, span, random }) {
    const cycleDays = offDaysMean + onHoursMedian / 24;
    const perRun = key.requestsPerDay * cycleDays;
    let start = span.from + random.exponential(offDaysMean) * dayMs;
    while (start < span.to) {
      const length = Math.min(random.lognormal(onHoursMedian, 0.8), 20) * hourMs;
      const size = perRun * key.tempo.day(start) * random.gamma(0.9);
      const rate = modulated(random, () => size / length, { shape: 0.6, stretchMs: 10 * minuteMs });
      for (const at of arrivals(random, { from: start, to: Math.min(start + length, span.to) }, rate)) {
        yield [usualCall(random, key, at)];
      }
      start += length + random.exponential(offDaysMean) * dayMs;
    }
  },
};
