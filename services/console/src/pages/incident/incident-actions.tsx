import type { IncidentDetail } from '@tripkey/contract/api';
import { useState } from 'react';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { ResolveDialog } from './resolve-dialog.tsx';
import { useCommand } from './use-command.ts';

const snoozes = [
  { minutes: 60, label: 'For 1 hour' },
  { minutes: 8 * 60, label: 'For 8 hours' },
  { minutes: 24 * 60, label: 'For 24 hours' },
  { minutes: 7 * 24 * 60, label: 'For 7 days' },
];

type Asked = 'stop' | 'resolve' | 'false_positive' | 'undo' | null;

/** What a person may do about the incident now. What cannot be undone by a click asks for a reason first. */
export function IncidentActions({ incident }: { readonly incident: IncidentDetail }) {
  const [asked, setAsked] = useState<Asked>(null);
  const { run, busy } = useCommand(incident.incident_id);
  const choice = (action: string) => incident.choices.find((one) => one.action === action);
  const allowed = (action: string) => choice(action)?.allowed === true;
  const may = { acknowledge: allowed('acknowledge'), snooze: allowed('snooze'), resolve: allowed('resolve') };
  const open = incident.state !== 'resolved';

  useShortcuts([
    ...(may.acknowledge
      ? [{ keys: 'a', what: 'Acknowledge this incident', run: () => void run({ do: 'acknowledge' }) }]
      : []),
    ...(may.resolve
      ? [{ keys: 'f', what: 'Mark this incident a false positive', run: () => setAsked('false_positive') }]
      : []),
    ...(allowed('stop') ? [{ keys: 'r', what: 'Revoke the key', run: () => setAsked('stop') }] : []),
  ]);

  const approve = choice('approve');
  const cancel = choice('cancel');
  const undo = choice('undo');
  return (
    <div className="button-row incident-actions" aria-busy={busy}>
      {choice('stop') ? (
        <button
          type="button"
          className="button danger"
          disabled={busy || !allowed('stop')}
          onClick={() => setAsked('stop')}
        >
          <Icon name="stop" /> Revoke key …
        </button>
      ) : null}
      {approve ? (
        <button
          type="button"
          className="button danger"
          disabled={busy || !approve.allowed}
          onClick={() => void run({ do: 'approve', operation_id: approve.operation_id ?? '' })}
        >
          <Icon name="check" /> Approve the stop
        </button>
      ) : null}
      {cancel ? (
        <button
          type="button"
          className="button"
          disabled={busy || !cancel.allowed}
          onClick={() => void run({ do: 'cancel', operation_id: cancel.operation_id ?? '' })}
        >
          Cancel the stop
        </button>
      ) : null}
      {choice('acknowledge') && open ? (
        <button
          type="button"
          className="button"
          disabled={busy || !may.acknowledge}
          onClick={() => void run({ do: 'acknowledge' })}
        >
          Acknowledge <kbd>a</kbd>
        </button>
      ) : null}
      {choice('resolve') && open ? (
        <>
          <button
            type="button"
            className="button"
            disabled={busy || !may.resolve}
            onClick={() => setAsked('false_positive')}
          >
            False positive … <kbd>f</kbd>
          </button>
          <button
            type="button"
            className="button"
            disabled={busy || !may.resolve}
            onClick={() => setAsked('resolve')}
          >
            Resolve …
          </button>
        </>
      ) : null}
      {may.snooze && open ? (
        <Menu
          label="Snooze"
          trigger={
            <>
              Snooze <Icon name="down" size={12} />
            </>
          }
        >
          {snoozes.map(({ minutes, label }) => (
            <MenuItem key={minutes} onClick={() => void run({ do: 'snooze', minutes })}>
              {label}
            </MenuItem>
          ))}
        </Menu>
      ) : null}
      {undo ? (
        <button
          type="button"
          className="button"
          disabled={busy || !undo.allowed}
          onClick={() => setAsked('undo')}
        >
          Undo the stop …
        </button>
      ) : null}
      {incident.choices.some((one) => !one.allowed) ? (
        <span className="muted">Your role does not allow everything here.</span>
      ) : null}
      {asked === 'stop' ? (
        <ReasonDialog
          title={`Revoke ${incident.key_name || incident.key_id || 'the key'}`}
          confirm="Revoke key"
          onClose={() => setAsked(null)}
          onConfirm={(reason) => run({ do: 'stop', reason })}
        >
          <p className="soft">
            The key is disabled at its issuer, not deleted, and can be enabled again. Tripkey then watches the
            traffic until it has proof that no request of the key is accepted any more.
          </p>
          {incident.protected ? (
            <p className="notice warn">
              This key is protected: a second person has to agree before it is stopped.
            </p>
          ) : null}
        </ReasonDialog>
      ) : null}
      {asked === 'undo' ? (
        <ReasonDialog
          title="Enable the key again"
          confirm="Enable key"
          onClose={() => setAsked(null)}
          onConfirm={(reason) => run({ do: 'undo', operation_id: undo?.operation_id ?? '', reason })}
        >
          <p className="soft">
            Its issuer will accept the key again at once. Everybody who has its secret can use it.
          </p>
        </ReasonDialog>
      ) : null}
      {asked === 'resolve' || asked === 'false_positive' ? (
        <ResolveDialog
          first={asked === 'false_positive' ? 'false_positive' : 'remediated'}
          count={1}
          onClose={() => setAsked(null)}
          onConfirm={(reason, note) => run({ do: 'resolve', reason, note })}
        />
      ) : null}
    </div>
  );
}
