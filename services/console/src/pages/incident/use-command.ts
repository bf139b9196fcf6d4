import { useCallback, useState } from 'react';
import { type Command, command } from '../../api/command.ts';
import { toast } from '../../ui/toasts.tsx';

const done: Readonly<Record<Command['do'], string>> = {
  acknowledge: 'Acknowledged.',
  snooze: 'Snoozed.',
  resolve: 'Resolved.',
  stop: 'The stop is ordered.',
  approve: 'Approved.',
  cancel: 'Cancelled.',
  undo: 'The key is to be enabled again.',
};

/** Does something about an incident and says what became of it. `run` resolves to whether it was done or taken down. */
export function useCommand(incidentId: string) {
  const [busy, setBusy] = useState(false);
  const run = useCallback(
    async (asked: Command): Promise<boolean> => {
      setBusy(true);
      try {
        const { state, told } = await command(incidentId, asked);
        if (state === 'refused') toast(`Refused: ${told ?? 'no reason was given'}`, true);
        else if (state === 'waiting')
          toast('Taken down; the alerter has not answered yet and does it when it can.');
        else toast(done[asked.do]);
        return state !== 'refused';
      } catch (error) {
        toast(`Not done: ${error instanceof Error ? error.message : String(error)}`, true);
        return false;
      } finally {
        setBusy(false);
      }
    },
    [incidentId],
  );
  return { run, busy };
}
