import type { NewSilence } from '@tripkey/contract/api';
import { useState } from 'react';
import { Dialog, DialogFoot } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { useSubmit } from '../../ui/use-submit.ts';

interface SilenceDialogProps {
  readonly onClose: () => void;
  /** @throws ApiError when it was not taken */
  readonly onAdd: (silence: NewSilence) => Promise<void>;
}

const lengths = [
  { minutes: 60, label: '1 hour' },
  { minutes: 8 * 60, label: '8 hours' },
  { minutes: 24 * 60, label: '1 day' },
  { minutes: 7 * 24 * 60, label: '7 days' },
];
const fields = [
  { name: 'key_id', label: 'Key id' },
  { name: 'account_id', label: 'Account' },
  { name: 'rule_id', label: 'Rule' },
] as const;

/** Asks what not to tell of, for how long and why. */
export function SilenceDialog({ onClose, onAdd }: SilenceDialogProps) {
  const [silence, setSilence] = useState<NewSilence>({
    minutes: 60,
    reason: '',
    key_id: '',
    account_id: '',
    rule_id: '',
  });
  const { submit, busy, fault } = useSubmit(() => onAdd(silence));
  const set = (change: Partial<NewSilence>) => setSilence((before) => ({ ...before, ...change }));
  return (
    <Dialog title="New silence" open onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p className="soft">What is left empty fits anything; one of the three has to be there.</p>
        {fields.map(({ name, label }) => (
          <div className="field" key={name}>
            <label htmlFor={name}>{label}</label>
            <input
              id={name}
              className="input mono"
              value={silence[name]}
              onChange={(event) => set({ [name]: event.target.value.trim() })}
            />
          </div>
        ))}
        <SelectField
          id="silence-minutes"
          label="For"
          value={silence.minutes}
          options={lengths.map(({ minutes, label }) => ({ value: minutes, label }))}
          onChange={(minutes) => set({ minutes })}
        />
        <div className="field">
          <label htmlFor="silence-reason">Reason</label>
          <input
            id="silence-reason"
            className="input"
            required
            maxLength={300}
            value={silence.reason}
            onChange={(event) => set({ reason: event.target.value })}
          />
        </div>
        <DialogFoot
          onClose={onClose}
          confirm="Silence"
          disabled={busy || silence.reason.trim() === ''}
          fault={fault}
        />
      </form>
    </Dialog>
  );
}
