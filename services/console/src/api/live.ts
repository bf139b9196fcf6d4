import { LiveIncident, LivePipeline } from '@tripkey/contract/api';
import { useEffect, useSyncExternalStore } from 'react';
import { queryClient } from './queries.ts';

/** Whether news arrive by themselves. */
export type Connection = 'connecting' | 'live' | 'lost';

const listeners = new Set<(event: LiveIncident) => void>();
const watchers = new Set<() => void>();
let connection: Connection = 'connecting';
let pipeline: LivePipeline | null = null;
let source: EventSource | null = null;
/** The browser gives up for good after an answer that is not 200, such as 503 while the store is away; we do not. */
const againMs = 10_000;
let again: ReturnType<typeof setTimeout> | undefined;

function changed(): void {
  for (const watcher of watchers) watcher();
}

/** Listens until the returned function is called. After a break it connects again, where it left off if it can. */
export function openLive(): () => void {
  if (!source) connect();
  return closeLive;
}

function connect(isBlind = false): void {
  const opened = new EventSource('/v1/live');
  source = opened;
  let missed = isBlind;
  opened.onopen = () => {
    connection = 'live';
    changed();
    // Nobody tells what happened meanwhile, so everything that is shown is asked for.
    if (missed) void queryClient.invalidateQueries();
    missed = false;
  };
  opened.onerror = () => {
    connection = 'lost';
    changed();
    if (opened.readyState === EventSource.CLOSED) again = setTimeout(connect, againMs, true);
  };
  opened.addEventListener('incident', (message) => {
    const event = LiveIncident.safeParse(JSON.parse(message.data));
    if (event.success) for (const listener of listeners) listener(event.data);
  });
  opened.addEventListener('pipeline', (message) => {
    const event = LivePipeline.safeParse(JSON.parse(message.data));
    if (!event.success) return;
    pipeline = event.data;
    changed();
  });
}

function closeLive(): void {
  clearTimeout(again);
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
