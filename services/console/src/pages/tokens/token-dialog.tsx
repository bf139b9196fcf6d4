import { type NewToken, type Scope, scopes } from '@tripkey/contract/api';
import { useState } from 'react';
import { Dialog, DialogFoot } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { useSubmit } from '../../ui/use-submit.ts';

interface TokenDialogProps {
  readonly onClose: () => void;
  /** @throws ApiError when it was not made */
  readonly onMake: (token: NewToken) => Promise<void>;
}

const meanings: Readonly<Record<Scope, string>> = {
  read: 'look at everything, ask SQL',
  triage: 'acknowledge, snooze, resolve, silence, backtest',
  act: 'stop and enable keys',
  admin: 'make and end tokens',
  emit: 'send events; lets nobody read',
};
const lengths = [
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
  { days: 365, label: 'a year' },
];

/** Asks what a token may do and for how long. */
export function TokenDialog({ onClose, onMake }: TokenDialogProps) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Scope[]>(['read']);
  const [days, setDays] = useState(90);
  const { submit, busy, fault } = useSubmit(() =>
    onMake({ name: name.trim(), scopes: [...chosen], expires_in_days: days }),
  );
  return (
    <Dialog title="New token" open onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className="field">
          <label htmlFor="token-name">Name</label>
          <input
            id="token-name"
            className="input"
            required
            maxLength={100}
            placeholder="Who or what uses it"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <fieldset className="choices">
          <legend>It may</legend>
          {scopes.map((scope) => (
            <label className="check" key={scope}>
              <input
                type="checkbox"
                checked={chosen.includes(scope)}
                onChange={() =>
                  setChosen(
                    chosen.includes(scope) ? chosen.filter((one) => one !== scope) : [...chosen, scope],
                  )
                }
              />
              <span>
                <code>{scope}</code> <span className="soft">{meanings[scope]}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <SelectField
          id="token-days"
          label="For"
          value={days}
          options={lengths.map((one) => ({ value: one.days, label: one.label }))}
          onChange={setDays}
        />
        <DialogFoot
          onClose={onClose}
          confirm="Make it"
          disabled={busy || name.trim() === '' || chosen.length === 0}
          fault={fault}
        />
      </form>
    </Dialog>
  );
}
