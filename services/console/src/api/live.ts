import { LiveIncident, LivePipeline } from '@tripkey/contract/api';
import { useEffect, useSyncExternalStore } from 'react';

/** Whether news arrive by themselves. */
export type Connection = 'connecting' | 'live' | 'lost';

const listeners = new Set<(event: LiveIncident) => void>();
const watchers = new Set<() => void>();
let connection: Connection = 'connecting';
let pipeline: LivePipeline | null = null;
let source: EventSource | null = null;

function changed(): void {
  for (const watcher of watchers) watcher();
}

/** Listens until the returned function is called. The browser connects again by itself, where it left off. */
export function openLive(): () => void {
  if (source) return closeLive;
  source = new EventSource('/v1/live');
  source.onopen = () => {
    connection = 'live';
    changed();
  };
  source.onerror = () => {
    connection = 'lost';
    changed();
  };
  source.addEventListener('incident', (message) => {
    const event = LiveIncident.safeParse(JSON.parse(message.data));
    if (event.success) for (const listener of listeners) listener(event.data);
  });
  source.addEventListener('pipeline', (message) => {
    const event = LivePipeline.safeParse(JSON.parse(message.data));
    if (!event.success) return;
    pipeline = event.data;
    changed();
  });
  return closeLive;
}

function closeLive(): void {
  source?.close();
  source = null;
  connection = 'connecting';
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function useConnection(): Connection {
  return useSyncExternalStore(watch, () => connection);
}

export function useLivePipeline(): LivePipeline | null {
  return useSyncExternalStore(watch, () => pipeline);
}

/** Calls `on` for every entry of an incident's log while the component is shown. `on` must stay the same function. */
export function useLiveIncidents(on: (event: LiveIncident) => void): void {
  useEffect(() => {
    listeners.add(on);
    return () => void listeners.delete(on);
  }, [on]);
}
