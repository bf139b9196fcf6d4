import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';

interface DialogProps {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A window that has to be answered or closed first. Keeps the focus inside, gives it back, closes by Escape. */
export function Dialog({ title, open, onClose, children }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => next || onClose()}>
      <Base.Portal>
        <Base.Backdrop className="shade" />
        <Base.Popup className="dialog">
          <div className="dialog-body">
            <Base.Title>{title}</Base.Title>
            {children}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

interface DialogFootProps {
  readonly onClose: () => void;
  readonly cancel?: string;
  readonly confirm: string;
  readonly tone?: 'primary' | 'danger';
  readonly disabled?: boolean;
  /** Why it did not go through. */
  readonly fault?: string | null;
}

/** The end of a dialog's form: what went wrong, the way out, and what submits it. */
export function DialogFoot(props: DialogFootProps) {
  const { onClose, cancel = 'Cancel', confirm, tone = 'primary', disabled = false, fault } = props;
  return (
    <>
      {fault ? (
        <p className="notice bad" role="alert">
          {fault}
        </p>
      ) : null}
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onClose}>
          {cancel}
        </button>
        <button type="submit" className={`button ${tone}`} disabled={disabled}>
          {confirm}
        </button>
      </div>
    </>
  );
}
