import type { ResolveReason } from '@tripkey/contract/api';
import { useState } from 'react';
import { plural } from '../../format/numbers.ts';
import { Dialog, DialogFoot } from '../../ui/dialog.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { resolveReasons } from './words.ts';

interface ResolveDialogProps {
  readonly first: ResolveReason;
  /** How many incidents it is about. */
  readonly count: number;
  readonly onClose: () => void;
  /** Resolves to whether it was done; the dialog then closes. */
  readonly onConfirm: (reason: ResolveReason, note: string) => Promise<boolean>;
}

/** Says that incidents are over, and what they were: this is what rules are judged by. */
export function ResolveDialog({ first, count, onClose, onConfirm }: ResolveDialogProps) {
  const [reason, setReason] = useState<ResolveReason>(first);
  const [note, setNote] = useState('');
  const { submit, busy, fault } = useSubmit(async () => {
    if (await onConfirm(reason, note.trim())) onClose();
  });
  return (
    <Dialog
      title={count === 1 ? 'Resolve the incident' : `Resolve ${plural(count, 'incident')}`}
      open
      onClose={onClose}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <fieldset className="choices">
          <legend>What it was</legend>
          {resolveReasons.map((one) => (
            <label className="check" key={one.reason}>
              <input
                type="radio"
                name="reason"
                checked={reason === one.reason}
                onChange={() => setReason(one.reason)}
              />
              {one.label}
            </label>
          ))}
        </fieldset>
        <div className="field">
          <label htmlFor="note">Note</label>
          <textarea
            id="note"
            className="textarea"
            rows={2}
            maxLength={300}
            value={note}
            placeholder="For whoever reads this in half a year"
            onChange={(event) => setNote(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey))
                event.currentTarget.form?.requestSubmit();
            }}
          />
          <span className="hint">The rules' noise and the alert budget are counted from this.</span>
        </div>
        <DialogFoot onClose={onClose} confirm={busy ? 'Asking …' : 'Resolve'} disabled={busy} fault={fault} />
      </form>
    </Dialog>
  );
}
