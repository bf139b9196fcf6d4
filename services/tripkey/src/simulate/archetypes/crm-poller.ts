import { dayMs, minuteMs } from '../calendar/durations.ts';
import { callTo, usualCall } from '../keys/call.ts';
import { oneAfterAnother, timerRuns } from '../timing/schedules.ts';
import type { Archetype } from './archetype.ts';

const periodsMin = [1, 2, 5, 10, 15, 30, 60];

/** A poller asks about this many minutes apart for each request a minute it makes on average. */
const pollShare = 4;

/** Asks every few minutes what is new, then reads or changes as many objects as there are news. */
export const crmPoller: Archetype = {
  name: 'crm-poller',
  share: 16,
  rhythm: 'office',
  requestsPerDay: { median: 500, sigma: 0.8 },
  scales: true,
  isFlow: true,
  closedShare: 0.2,
  swellShare: 0.5,
  dayNoise: 0.15,
  uses: [
    ['GET /v1/leads', 4],
    ['GET /v1/leads/{id}', 8],
    ['GET /v1/contacts', 2, 0.8],
    ['GET /v1/contacts/{id}', 4, 0.8],
    ['PATCH /v1/leads/{id}', 2, 0.6],
    ['POST /v1/contacts', 1, 0.5],
    ['GET /v1/deals', 1.5, 0.5],
    ['GET /v1/companies/{id}', 0.8, 0.4],
    ['POST /v1/tasks', 0.3, 0.3],
    ['GET /v1/users', 0.05, 0.5],
  ],
  clients: [
    { agents: ['salesforce', 'hubspot'], provider: 'cloud', styles: ['nat', 'pair'] },
    { agents: ['crmSync', 'java', 'go'], provider: 'cloud', styles: ['host', 'pair', 'host6'] },
    { agents: ['crmSync', 'dotnet'], provider: 'office', styles: ['host', 'lease'] },
  ],
  *traffic({ key, span, random }) {
    // The period belongs to the key; a busy one polls more often.
    const wantedMin = (pollShare * 24 * 60) / Math.max(20, key.requestsPerDay);
    const periodMin = periodsMin.findLast((period) => period <= wantedMin) ?? periodsMin[0]!;
    const periodMs = periodMin * minuteMs;
    const perRun = Math.max(0, (key.requestsPerDay * periodMs) / dayMs - 1);
    const phaseMs = (key.index * 37_000) % periodMs;
    for (const start of timerRuns(random, span, { periodMs, phaseMs, jitterMs: 1500 })) {
      const question = key.mixes.at(start).endpoints[0]!;
      const news = random.poisson(perRun * key.tempo.at(start));
      const times = [...oneAfterAnother(random, start, 1 + news, 180)];
      yield times.map((at, i) => (i === 0 ? callTo(random, key, at, question) : usualCall(random, key, at)));
    }
  },
};
