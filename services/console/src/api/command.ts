import type { CommandResult, ResolveReason } from '@tripkey/contract/api';
import { call } from './call.ts';
import { queryClient, sums } from './queries.ts';

export type Command =
  | { readonly do: 'acknowledge' }
  | { readonly do: 'snooze'; readonly minutes: number }
  | { readonly do: 'resolve'; readonly reason: ResolveReason; readonly note: string }
  | { readonly do: 'stop'; readonly reason: string }
  | { readonly do: 'approve' | 'cancel'; readonly operation_id: string }
  | { readonly do: 'undo'; readonly operation_id: string; readonly reason: string };

const askAgainMs = 600;
const waitMsMax = 20_000;

/**
 * Asks for something to be done about an incident and waits for the answer of who does it.
 * @returns `waiting` when there is no answer yet after 20 s: it was taken down and is done later
 * @throws ApiError when it was not even taken down
 */
export async function command(incident_id: string, asked: Command): Promise<CommandResult> {
  let result = await send(incident_id, asked, randomId());
  const until = performance.now() + waitMsMax;
  while (result.state === 'waiting' && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, askAgainMs));
    try {
      result = await call('getCommand', { params: { incident_id, command_id: result.command_id } });
    } catch {
      // It is taken down all the same: who is told that it was not does it a second time.
    }
  }
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) =>
      queryKey[0] !== 'listIncidents' && JSON.stringify(queryKey).includes(incident_id),
  });
  for (const sum of sums) void queryClient.invalidateQueries({ queryKey: [sum] });
  return result;
}

function send(incident_id: string, asked: Command, idempotencyKey: string): Promise<CommandResult> {
  const params = { incident_id };
  switch (asked.do) {
    case 'acknowledge':
      return call('acknowledgeIncident', { params, idempotencyKey });
    case 'snooze':
      return call('snoozeIncident', { params, idempotencyKey, body: { minutes: asked.minutes } });
    case 'resolve':
      return call('resolveIncident', {
        params,
        idempotencyKey,
        body: { reason: asked.reason, note: asked.note },
      });
    case 'stop':
      return call('stopKey', { params, idempotencyKey, body: { reason: asked.reason } });
    case 'approve':
      return call('approveOperation', {
        params: { ...params, operation_id: asked.operation_id },
        idempotencyKey,
      });
    case 'cancel':
      return call('cancelOperation', {
        params: { ...params, operation_id: asked.operation_id },
        idempotencyKey,
      });
    case 'undo':
      return call('undoOperation', {
        params: { ...params, operation_id: asked.operation_id },
        idempotencyKey,
        body: { reason: asked.reason },
      });
  }
}

/** 128 random bits; `crypto.randomUUID` is missing where the console is not served by https. */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
