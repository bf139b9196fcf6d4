import { useQueryClient } from '@tanstack/react-query';
import type { Policy } from '@tripkey/contract/api';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useMay } from '../../shell/session.tsx';
import { toast } from '../../ui/toasts.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { ReasonDialog } from '../incident/reason-dialog.tsx';
import '../incident/incident.css';

/** Whether anything happens without a person, and the switch that ends it at once. */
export function KillSwitch({ state }: { readonly state: Policy['kill_switch'] }) {
  const client = useQueryClient();
  const may = useMay('act');
  /** What the dialog is to turn it to. It stays that when somebody else turns the switch meanwhile. */
  const [asked, setAsked] = useState<boolean | null>(null);
  const turn = async (on: boolean, reason: string): Promise<boolean> => {
    try {
      await call('turnKillSwitch', { body: { on, reason } });
      for (const queryKey of [['getPolicy'], ['getStatus']]) void client.invalidateQueries({ queryKey });
      return true;
    } catch (error) {
      toast(`Not turned: ${error instanceof Error ? error.message : String(error)}`, true);
      return false;
    }
  };
  return (
    <div className={`figure${state.on ? ' bad' : ''}`}>
      <span className="name">Kill switch</span>
      <span className="value">
        {state.on ? 'On' : 'Off'}{' '}
        <button type="button" className="button small" disabled={!may} onClick={() => setAsked(!state.on)}>
          {state.on ? 'Turn off …' : 'Turn on …'}
        </button>
      </span>
      <span className="under">
        {state.on ? (
          <>
            by <Untrusted text={state.by} />: <Untrusted text={state.reason} />
          </>
        ) : (
          'the policy decides'
        )}
      </span>
      {asked === null ? null : (
        <ReasonDialog
          title={asked ? 'Stop everything automatic' : 'Let the policy act again'}
          confirm={asked ? 'Turn the kill switch on' : 'Turn the kill switch off'}
          onClose={() => setAsked(null)}
          onConfirm={(reason) => turn(asked, reason)}
        >
          <p className="soft">
            {asked
              ? 'Nothing is stopped without a person any more, at once and everywhere. People can still revoke.'
              : 'From now on the policy may stop keys again without a person.'}
          </p>
        </ReasonDialog>
      )}
    </div>
  );
}
