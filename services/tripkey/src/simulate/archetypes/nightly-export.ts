import { hourMs, minuteMs } from '../calendar/durations.ts';
import { endpointNamed } from '../catalogue/endpoints.ts';
import { type Call, callTo, usualCall } from '../keys/call.ts';
import { localDays, oneAfterAnother } from '../timing/schedules.ts';
import type { Archetype } from './archetype.ts';

const create = endpointNamed('POST /v1/exports');
const look = endpointNamed('GET /v1/exports/{id}');
const download = endpointNamed('GET /v1/exports/{id}/download');

/** Once a night into the data warehouse: order an export, wait for it, fetch it, read the rest page by page. */
export const nightlyExport: Archetype = {
  name: 'nightly-export',
  share: 9,
  rhythm: 'night',
  requestsPerDay: { median: 220, sigma: 1 },
  scales: true,
  isFlow: false,
  closedShare: 0.9,
  swellShare: 0.3,
  dayNoise: 0.25,
  uses: [
    ['POST /v1/exports', 0.3],
    ['GET /v1/exports/{id}', 1],
    ['GET /v1/exports/{id}/download', 0.3],
    ['GET /v1/leads', 5],
    ['GET /v1/contacts', 4, 0.8],
    ['GET /v1/deals', 3, 0.7],
    ['GET /v1/invoices', 2, 0.4],
    ['GET /v1/campaigns/{id}/stats', 2, 0.5],
  ],
  clients: [
    { agents: ['requests', 'httpx', 'spark'], provider: 'cloud', styles: ['host', 'nat', 'serverless'] },
    { agents: ['java', 'dotnet'], provider: 'office', styles: ['host', 'lease'] },
  ],
  *traffic({ key, span, random }) {
    const clock = key.tempo.clock;
    const dueMs = hourMs + ((key.index * 11) % 180) * minuteMs;
    const failsShare = 0.02;
    for (const midnight of localDays(clock, span)) {
      const start = clock.moment(midnight + dueMs) + random.exponential(40_000);
      if (start < span.from || start >= span.to || random.chance(failsShare)) continue;
      const calls: Call[] = [callTo(random, key, start, create)];
      let at = start;
      for (let looks = random.geometric(6); looks > 0; looks--) {
        at += random.lognormal(15_000, 0.1);
        calls.push(callTo(random, key, at, look));
      }
      at += 900;
      calls.push(callTo(random, key, at, download));
      const pages = random.poisson(Math.max(0, key.requestsPerDay * key.tempo.day(at) - calls.length));
      for (const next of oneAfterAnother(random, at + 2000, pages, 450))
        calls.push(usualCall(random, key, next));
      yield calls;
    }
  },
};
