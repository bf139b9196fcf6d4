import type { IncidentEvent, IncidentLog } from '@tripkey/alerter';
import type { Clock } from '@tripkey/service-kit';

/** How the response to the theft went. */
export interface StopStory {
  readonly outcome: 'proven' | 'failed';
  /** Why it failed, in words. */
  readonly reason: string;
  /** Epoch ms; null when it did not come to that. */
  readonly alertedAt: number | null;
  readonly disabledAt: number | null;
  readonly provenAt: number | null;
}

const failures: ReadonlyMap<string, string> = new Map([
  ['operation_not_effective', 'the key was still accepted after it was disabled'],
  ['operation_failed', 'the issuer could not be reached'],
  ['operation_refused', 'the issuer refused to disable the key'],
  ['response_observed', 'the policy only observes'],
  ['response_held', 'a guard held the response back'],
]);

/** Follows the incident log until the stop of a key is proven, has failed, or `deadlineMs` have passed. */
export async function watchStop(
  log: IncidentLog,
  keyId: string,
  sinceMs: number,
  deadlineMs: number,
  clock: Clock,
  stop: AbortSignal,
): Promise<StopStory> {
  for (;;) {
    const story = readStory(await log.load(sinceMs), keyId);
    if (story) return story;
    if (clock.now() > sinceMs + deadlineMs) {
      return none(`nothing was proven within ${Math.round(deadlineMs / 1000)} s`);
    }
    await clock.sleep(500, stop);
  }
}

/** What the log says so far; null while it is not decided. */
export function readStory(events: readonly IncidentEvent[], keyId: string): StopStory | null {
  const opened = events.find((event) => event.kind === 'opened' && event.key_id === keyId);
  if (!opened) return null;
  const story = events.filter((event) => event.incident_id === opened.incident_id);
  const at = (kind: IncidentEvent['kind']) => story.find((event) => event.kind === kind)?.at ?? null;
  const times = {
    alertedAt: at('message_sent'),
    disabledAt: at('operation_state_confirmed'),
    provenAt: at('operation_traffic_confirmed'),
  };
  if (times.provenAt !== null) return { outcome: 'proven', reason: '', ...times };
  const failed = story.find((event) => failures.has(event.kind));
  return failed ? { outcome: 'failed', reason: failures.get(failed.kind)!, ...times } : null;
}

function none(reason: string): StopStory {
  return { outcome: 'failed', reason, alertedAt: null, disabledAt: null, provenAt: null };
}
