import type { ResolveReason } from '@tripkey/contract/api';
import { useCallback, useState } from 'react';
import { call } from '../../api/call.ts';
import { type Command, command } from '../../api/command.ts';
import { queryClient } from '../../api/queries.ts';
import { plural } from '../../format/numbers.ts';
import { toast } from '../../ui/toasts.tsx';
import { patchListed } from './patch-listed.ts';

const atOnce = 4;

/** Does the same about several incidents, a few at a time, and says how many went through. */
export function useTriage() {
  const [busy, setBusy] = useState(false);
  const each = useCallback(async (ids: readonly string[], asked: Command, done: string): Promise<boolean> => {
    setBusy(true);
    const waiting = [...ids];
    const refused: string[] = [];
    const work = async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        try {
          const { state, told } = await command(id, asked);
          if (state === 'refused') refused.push(told ?? 'no reason was given');
          patchListed(queryClient, await call('getIncident', { params: { incident_id: id } }));
        } catch (error) {
          refused.push(error instanceof Error ? error.message : String(error));
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    setBusy(false);
    const went = ids.length - refused.length;
    if (went > 0) toast(`${plural(went, 'incident')} ${done}.`);
    if (refused.length > 0)
      toast(`${plural(refused.length, 'incident')} not: ${[...new Set(refused)].join(' · ')}`, true);
    return refused.length === 0;
  }, []);
  return {
    busy,
    acknowledge: useCallback(
      (ids: readonly string[]) => each(ids, { do: 'acknowledge' }, 'acknowledged'),
      [each],
    ),
    resolve: useCallback(
      (ids: readonly string[], reason: ResolveReason, note: string) =>
        each(ids, { do: 'resolve', reason, note }, 'resolved'),
      [each],
    ),
  };
}
