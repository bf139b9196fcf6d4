import { hourMs } from '../calendar/durations.ts';
import { endpointNamed } from '../catalogue/endpoints.ts';
import { type Attack, isAtWork } from './attack.ts';
import { anyIntruder, intrude } from './intruder.ts';
import { paced } from './pacing.ts';

const trigger = endpointNamed('POST /v1/workflows/{id}/trigger');

/** Workflows are triggered that the owner never triggers, by the hundred: mails go out, data move. */
export const workflowAbuse: Attack = {
  kind: 'workflow-abuse',
  severity: 'critical',
  roomMs: 2 * hourMs,
  suits: (key, at) => isAtWork(key, at) && key.scopes.has(trigger.scope!),
  play(scene) {
    const { random, victim, at, until } = scene;
    const intruder = anyIntruder(scene, 0.4);
    const times = paced(random, {
      from: at,
      count: random.logInt(60, 900),
      gapMs: random.logBetween(200, 8000),
      until,
    });
    return {
      calls: times.map((time) =>
        intrude(scene, intruder, time, trigger, {
          object: victim.objectBase + random.int(0, trigger.objects - 1),
        }),
      ),
    };
  },
};
