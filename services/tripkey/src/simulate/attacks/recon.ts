import { minuteMs } from '../calendar/durations.ts';
import { unknownEndpoint } from '../catalogue/endpoint.ts';
import { endpoints } from '../catalogue/endpoints.ts';
import { type Attack, isAtWork } from './attack.ts';
import { anyIntruder, intrude } from './intruder.ts';
import { paced } from './pacing.ts';

const guesses = [
  '/v1/admin',
  '/v1/internal/health',
  '/v1/debug/vars',
  '/v2/leads',
  '/v1/graphql',
  '/v1/swagger.json',
  '/openapi.json',
  '/v1/config',
  '/v1/accounts',
  '/v1/tokens',
  '/v1/settings',
  '/v1/backup',
  '/.env',
  '/actuator/env',
  '/v1/leads/export.csv',
  '/v1/permissions',
  '/metrics',
  '/v1/customers',
];

/** What can this key do? Everything is asked once or twice, known paths and guessed ones. */
export const recon: Attack = {
  kind: 'recon',
  severity: 'high',
  roomMs: 30 * minuteMs,
  suits: isAtWork,
  play(scene) {
    const { random, at, until } = scene;
    const intruder = anyIntruder(scene, 0.3);
    const known = random.shuffled(endpoints).slice(0, random.int(10, 40));
    const guessed = random.shuffled(guesses).slice(0, random.int(0, guesses.length));
    const asked = random.shuffled([...known, ...guessed.map(unknownEndpoint)]);
    const times = paced(random, {
      from: at,
      count: asked.length,
      gapMs: random.logBetween(800, 15_000),
      until,
    });
    return { calls: times.map((time, i) => intrude(scene, intruder, time, asked[i]!)) };
  },
};
