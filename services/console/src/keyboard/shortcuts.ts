import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface Shortcut {
  /** As `KeyboardEvent.key`; `g i` is one key after the other. */
  readonly keys: string;
  readonly what: string;
  readonly run: () => void;
}

const scopes: (readonly Shortcut[])[] = [];
let listed: readonly Shortcut[] = [];
const listeners = new Set<() => void>();
const chainMs = 900;

function changed(): void {
  listed = scopes.flat();
  for (const listener of listeners) listener();
}

/** Everything that a key does right now, for the help. */
export function useListedShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => listed,
  );
}

/**
 * Keys that do something while the component is shown. They rest while somebody types, holds a modifier, or a dialog
 * or menu is open. The newest component is asked first.
 */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const signature = shortcuts.map((shortcut) => `${shortcut.keys}:${shortcut.what}`).join('|');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the list, whose functions change on every render
  useEffect(() => {
    const scope = latest.current.map(({ keys, what }) => ({
      keys,
      what,
      run: () => latest.current.find((shortcut) => shortcut.keys === keys)?.run(),
    }));
    scopes.unshift(scope);
    changed();
    return () => {
      scopes.splice(scopes.indexOf(scope), 1);
      changed();
    };
  }, [signature]);
}

let chain = '';
let chainAt = 0;

/** Finds what a key does and does it. Exported for the one listener of the page. */
export function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
    return;
  if (document.querySelector('[role="dialog"], [role="menu"]')) return;
  // On a link or a button, Enter and Space are for it.
  if (
    ['Enter', ' '].includes(event.key) &&
    event.target instanceof Element &&
    event.target.closest('a, button, summary')
  )
    return;
  const chained = performance.now() - chainAt < chainMs ? `${chain} ${event.key}` : event.key;
  const all = scopes.flat();
  const found = all.find(({ keys }) => keys === chained) ?? all.find(({ keys }) => keys === event.key);
  chain = event.key;
  chainAt = found ? 0 : performance.now();
  if (!found) return;
  event.preventDefault();
  found.run();
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
    return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type);
}
