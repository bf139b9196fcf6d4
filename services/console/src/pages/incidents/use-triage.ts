import type { ResolveReason } from '@tripkey/contract/api';
import { useCallback, useState } from 'react';
import { type Command, command } from '../../api/command.ts';
import { plural } from '../../format/numbers.ts';
import { toast } from '../../ui/toasts.tsx';
import { refreshRow } from './patch-listed.ts';
import { triage } from './triage.ts';

/** Does the same about several incidents and says how many went through. Resolves to whether none was refused. */
export function useTriage() {
  const [busy, setBusy] = useState(false);
  const each = useCallback(
    async (ids: readonly string[], asked: Command, words: string): Promise<boolean> => {
      setBusy(true);
      const { done, waiting, refused } = await triage(ids, async (id) => {
        const result = await command(id, asked);
        await refreshRow(id);
        return result;
      });
      setBusy(false);
      if (done > 0) toast(`${plural(done, 'incident')} ${words}.`);
      if (waiting > 0)
        toast(`${plural(waiting, 'incident')} taken down, to be ${words} when the alerter answers again.`);
      if (refused.length > 0)
        toast(`${plural(refused.length, 'incident')} not: ${[...new Set(refused)].join(' · ')}`, true);
      return refused.length === 0;
    },
    [],
  );
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
