import { Menu as Base } from '@base-ui/react/menu';
import type { ReactNode } from 'react';

interface MenuProps {
  /** What the button says; with `icon` it is only read out. */
  readonly label: string;
  readonly trigger: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A button with a list of things to do. */
export function Menu({ label, trigger, className = 'button', children }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger className={className} aria-label={label}>
        {trigger}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={5} align="end">
          <Base.Popup className="menu">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function MenuItem({
  onClick,
  children,
  disabled,
}: {
  readonly onClick: () => void;
  readonly children: ReactNode;
  readonly disabled?: boolean;
}) {
  return (
    <Base.Item className="menu-item" onClick={onClick} disabled={disabled ?? false}>
      {children}
    </Base.Item>
  );
}
