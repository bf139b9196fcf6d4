import { dayMs, hourMs } from '../calendar/durations.ts';
import { type Call, usualCall } from '../keys/call.ts';
import { localDays, oneAfterAnother } from '../timing/schedules.ts';
import type { Archetype } from './archetype.ts';

/** Accounting: a look every morning, and the whole month's invoices around the turn of the month. */
export const monthEnd: Archetype = {
  name: 'month-end',
  share: 4,
  rhythm: 'office',
  requestsPerDay: { median: 60, sigma: 0.8 },
  scales: true,
  isFlow: false,
  closedShare: 0.3,
  swellShare: 0,
  dayNoise: 0.2,
  uses: [
    ['GET /v1/invoices', 3],
    ['GET /v1/invoices/{id}', 6],
    ['GET /v1/deals/{id}', 2, 0.7],
    ['POST /v1/invoices', 1.5, 0.6],
    ['POST /v1/invoices/{id}/send', 1.2, 0.5],
    ['GET /v1/billing', 0.3, 0.3],
  ],
  clients: [
    { agents: ['dotnet', 'java', 'guzzle'], provider: 'office', styles: ['host', 'lease', 'nat'] },
    { agents: ['java'], provider: 'cloud', styles: ['host', 'pair'] },
  ],
  *traffic({ key, span, random }) {
    const clock = key.tempo.clock;
    const hour = 7 + (key.index % 5);
    for (const midnight of localDays(clock, span)) {
      const start = clock.moment(midnight + hour * hourMs) + random.exponential(8 * 60_000);
      if (start < span.from || start >= span.to) continue;
      const isTurn = new Date(midnight + 2 * dayMs).getUTCDate() <= 3;
      if (!isTurn && clock.isWeekend(start)) continue;
      // Three days of thirty carry most of the month.
      const mean = key.requestsPerDay * key.tempo.day(start) * (isTurn ? 7 : 0.4);
      const calls: Call[] = [];
      for (const at of oneAfterAnother(random, start, random.poisson(mean), 1500)) {
        calls.push(usualCall(random, key, at));
      }
      yield calls;
    }
  },
};
