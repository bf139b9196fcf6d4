import { type ReactNode, useState } from 'react';
import { Dialog, DialogFoot } from '../../ui/dialog.tsx';
import { useSubmit } from '../../ui/use-submit.ts';

interface ReasonDialogProps {
  readonly title: string;
  readonly confirm: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
  /** Resolves to whether it was done; the dialog then closes. */
  readonly onConfirm: (reason: string) => Promise<boolean>;
}

/** Asks for a reason, which goes on record with the name of the person, before something is done. */
export function ReasonDialog({ title, confirm, children, onClose, onConfirm }: ReasonDialogProps) {
  const [reason, setReason] = useState('');
  const { submit, busy, fault } = useSubmit(async () => {
    if (await onConfirm(reason.trim())) onClose();
  });
  const usable = reason.trim() !== '' && !busy;
  return (
    <Dialog title={title} open onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (usable) void submit();
        }}
      >
        {children}
        <div className="field">
          <label htmlFor="reason">Reason</label>
          <textarea
            id="reason"
            className="textarea"
            rows={3}
            maxLength={300}
            required
            value={reason}
            placeholder="What speaks for it; the owner of the key reads this"
            onChange={(event) => setReason(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey))
                event.currentTarget.form?.requestSubmit();
            }}
          />
          <span className="hint">
            On record with your name, in the audit log and in Slack. Ctrl Enter confirms.
          </span>
        </div>
        <DialogFoot
          onClose={onClose}
          cancel="Keep it as it is"
          confirm={busy ? 'Asking …' : confirm}
          tone="danger"
          disabled={!usable}
          fault={fault}
        />
      </form>
    </Dialog>
  );
}
