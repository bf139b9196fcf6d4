import { dayMs, hourMs, minuteMs } from '../calendar/durations.ts';
import { usualCall } from '../keys/call.ts';
import { arrivals } from '../timing/arrivals.ts';
import { localDays } from '../timing/schedules.ts';
import type { Archetype } from './archetype.ts';

/** Share of the requests that belong to no campaign. */
const backgroundShare = 0.15;

/** Marketing automation: quiet, until somebody sends a campaign; then thousands of calls in minutes. */
export const campaign: Archetype = {
  name: 'campaign',
  share: 9,
  rhythm: 'office',
  requestsPerDay: { median: 300, sigma: 1 },
  scales: true,
  isFlow: false,
  closedShare: 0.2,
  swellShare: 1,
  dayNoise: 0.3,
  uses: [
    ['POST /v1/campaigns/{id}/recipients', 6],
    ['GET /v1/contacts', 2],
    ['GET /v1/segments/{id}/members', 2, 0.8],
    ['GET /v1/campaigns/{id}', 1],
    ['GET /v1/campaigns/{id}/stats', 1, 0.7],
    ['PATCH /v1/contacts/{id}', 1.5, 0.6],
    ['POST /v1/campaigns', 0.05, 0.5],
    ['POST /v1/leads', 0.5, 0.4],
  ],
  clients: [
    { agents: ['mailer', 'java'], provider: 'cloud', styles: ['nat', 'pair'] },
    { agents: ['n8n', 'axios'], provider: 'cloud', styles: ['host', 'serverless'] },
  ],
  *traffic({ key, span, random }) {
    const clock = key.tempo.clock;
    const sends: { from: number; to: number; perMs: number }[] = [];
    for (const midnight of localDays(clock, span)) {
      const isWeekend = clock.isWeekend(clock.moment(midnight + 12 * hourMs));
      const count = random.poisson(isWeekend ? 0.15 : 0.8);
      for (let i = 0; i < count; i++) {
        const from = clock.moment(midnight + random.between(8, 18) * hourMs);
        const to = from + random.logBetween(5, 90) * minuteMs;
        const size =
          (key.requestsPerDay * (1 - backgroundShare) * key.tempo.day(from) * random.gamma(0.8)) / 0.61;
        sends.push({ from, to, perMs: size / (to - from) });
      }
    }
    const rate = (at: number) => {
      let perMs = ((key.requestsPerDay * backgroundShare) / dayMs) * key.tempo.at(at);
      for (const send of sends) if (at >= send.from && at < send.to) perMs += send.perMs;
      return perMs;
    };
    for (const at of arrivals(random, span, rate)) yield [usualCall(random, key, at)];
  },
};
