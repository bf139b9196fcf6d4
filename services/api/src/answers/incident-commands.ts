import type { IncidentCommand } from '@tripkey/alerter';
import type { CommandResult } from '@tripkey/contract/api';
import { systemClock } from '@tripkey/service-kit';
import { incidentCommandOf } from '@tripkey/store';
import { ApiProblem, conflict } from '../http/api-problem.ts';
import { type Call, type HandlersOf, type RouteOf, Tagged } from '../http/handler.ts';
import type { AnswerParts } from './answer-parts.ts';
import { findIncident, stateTag } from './incident-answers.ts';
import type { LoadedIncident } from './incident-summary.ts';
import { minuteMs } from './times.ts';

/** How long an answer waits for the alerter, which looks every second. */
const waitMsMax = 4_000;
const lookEveryMs = 250;

type CommandRoute =
  | 'acknowledgeIncident'
  | 'snoozeIncident'
  | 'resolveIncident'
  | 'reopenIncident'
  | 'escalateIncident'
  | 'mergeIncident'
  | 'stopKey'
  | 'approveOperation'
  | 'cancelOperation'
  | 'undoOperation';
type Wish = IncidentCommand extends infer C
  ? C extends IncidentCommand
    ? Omit<C, 'command_id' | 'incident_id' | 'at' | 'by' | 'by_name'>
    : never
  : never;

/**
 * What people want done about incidents: sent to the alerter that writes the incident, as clicks in Slack are, and answered
 * when it has decided.
 */
export function incidentCommandAnswers(parts: AnswerParts): HandlersOf<CommandRoute | 'getCommand'> {
  const { alerting, store } = parts;

  async function command(call: Call<RouteOf<CommandRoute>>, wish: Wish) {
    const { incident_id } = call.params;
    const { caller, wishId, at, ifMatch, signal } = call;
    const loaded = await findIncident(parts, incident_id, signal);
    const command_id = `api:${wishId}`;
    const sent = {
      ...wish,
      command_id,
      incident_id,
      at,
      by: caller.id,
      by_name: caller.name,
    } as IncidentCommand;
    const [had] = await store.ask(incidentCommandOf, { command_id }, signal);
    if (had) {
      const same = had.incident_id === incident_id && had.kind === sent.kind && had.data === dataOf(sent);
      if (!same) throw conflict('this Idempotency-Key was used for something else');
    } else {
      if (ifMatch !== null && ifMatch !== stateTag(loaded)) throw changed();
      await alerting.commands.send(sent);
    }
    for (let waitedMs = 0; ; waitedMs += lookEveryMs) {
      const now = await findIncident(parts, incident_id);
      const result = resultOf(now, command_id);
      if (result.state !== 'waiting' || waitedMs >= waitMsMax || signal.aborted) {
        call.response.status(result.state === 'waiting' ? 202 : 200);
        return new Tagged(stateTag(now), result);
      }
      await systemClock.sleep(lookEveryMs);
    }
  }

  return {
    acknowledgeIncident: (call) => command(call, { kind: 'acknowledge' }),
    snoozeIncident: (call) => command(call, { kind: 'snooze', for_ms: call.body.minutes * minuteMs }),
    resolveIncident: (call) => command(call, { kind: 'resolve', ...call.body }),
    reopenIncident: (call) => command(call, { kind: 'reopen', ...call.body }),
    escalateIncident: (call) => command(call, { kind: 'escalate', ...call.body }),
    async mergeIncident(call) {
      await findIncident(parts, call.body.into, call.signal);
      return await command(call, { kind: 'merge', ...call.body });
    },
    stopKey: (call) => command(call, { kind: 'stop', ...call.body }),
    approveOperation: (call) => command(call, { kind: 'approve', operation_id: call.params.operation_id }),
    cancelOperation: (call) => command(call, { kind: 'cancel', operation_id: call.params.operation_id }),
    undoOperation: (call) =>
      command(call, { kind: 'undo', operation_id: call.params.operation_id, ...call.body }),
    async getCommand({ params: { incident_id, command_id }, signal }) {
      return resultOf(await findIncident(parts, incident_id, signal), command_id);
    },
  };
}

function resultOf({ incident }: LoadedIncident, command_id: string): CommandResult {
  const told = incident.answers.get(command_id);
  const state = told === undefined ? 'waiting' : told === null ? 'done' : 'refused';
  return { command_id, incident_id: incident.id, state, told: told ?? null };
}

/** What a command says besides who asked for what when: as the queue keeps it. */
function dataOf({
  command_id: _1,
  incident_id: _2,
  at: _3,
  by: _4,
  kind: _5,
  ...data
}: IncidentCommand): string {
  return JSON.stringify(data);
}

function changed(): ApiProblem {
  return new ApiProblem(
    412,
    'api.changed_meanwhile',
    'Changed meanwhile',
    'somebody did something about it since it was read; read it again',
  );
}
