import { useSyncExternalStore } from 'react';
import type { Zone } from '../format/times.ts';

export type Theme = 'system' | 'light' | 'dark';

interface Preferences {
  readonly theme: Theme;
  readonly zone: Zone;
}

const name = 'tripkey.preferences';
let current: Preferences = read();
const listeners = new Set<() => void>();
show(current);

/** What this person chose on this machine: how times are written, and the theme. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(name, JSON.stringify(current));
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
  show(current);
  for (const listener of listeners) listener();
}

function read(): Preferences {
  let kept: Partial<Preferences> = {};
  try {
    kept = JSON.parse(localStorage.getItem(name) ?? '{}') as Partial<Preferences>;
  } catch {
    kept = {};
  }
  return {
    theme: kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : 'system',
    zone: kept.zone === 'local' ? 'local' : 'utc',
  };
}

function show({ theme }: Preferences): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
