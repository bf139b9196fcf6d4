import { incidentCounts, operationCounts } from '@tripkey/store/reading';
import type { HandlersOf } from '../http/handler.ts';
import type { AnswerParts } from './answer-parts.ts';
import { readKillSwitch } from './kill-switch-state.ts';
import { readProgress } from './pipeline-answers.ts';

/** What every page shows: few questions, since every open console asks them again and again. */
export function statusAnswers(parts: AnswerParts): HandlersOf<'getStatus'> {
  const { store } = parts;
  return {
    async getStatus({ at, signal }) {
      const [[incidents], operations, kill_switch, { faults, behind_seconds }] = await Promise.all([
        store.ask(incidentCounts, { now: at }, signal),
        store.ask(operationCounts, {}, signal),
        readKillSwitch(parts),
        readProgress(store, at, signal),
      ]);
      return {
        incidents_unattended: incidents?.unattended ?? 0,
        incidents_critical: incidents?.critical ?? 0,
        operations_waiting: operations.find(({ state }) => state === 'proposed')?.operations ?? 0,
        kill_switch,
        pipeline: { healthy: faults.length === 0, faults, behind_seconds },
      };
    },
  };
}
