import { useSyncExternalStore } from 'react';
import { Icon } from './icon.tsx';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly bad: boolean;
}

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();
const shownMs = 6_000;

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function close(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

/** Says in the corner what was done. A fault stays until it is closed. */
export function toast(text: string, bad = false): void {
  const id = ++lastId;
  set([...toasts.slice(-3), { id, text, bad }]);
  if (!bad) setTimeout(() => close(id), shownMs);
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <section className="toasts" role="status" aria-live="polite" aria-label="Messages">
      {shown.map(({ id, text, bad }) => (
        <div key={id} className={`toast${bad ? ' bad' : ''}`}>
          <p>{text}</p>
          <button
            type="button"
            className="button quiet icon small"
            aria-label="Close"
            onClick={() => close(id)}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </section>
  );
}
