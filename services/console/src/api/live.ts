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
/** The server says something every 10 s. A connection that broke unseen, as under a laptop that slept, says nothing for ever. */
const silentMsMax = 45_000;
let silence: ReturnType<typeof setTimeout> | undefined;
/** A break that is longer is not made up for: the server tells what happened in its last hour, and not more than so much. */
const breakMsMax = 10 * 60_000;

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
  let toldAtMs = Date.now();
  /** Whether the server can be told from where on to tell again. */
  let hasPlace = false;
  const heard = () => {
    toldAtMs = Date.now();
    clearTimeout(silence);
    silence = setTimeout(() => {
      opened.close();
      lose();
      connect(true);
    }, silentMsMax);
  };
  opened.onopen = () => {
    connection = 'live';
    changed();
    // Nobody tells what happened meanwhile, so everything that is shown is asked for.
    if (missed || Date.now() - toldAtMs > breakMsMax) void queryClient.invalidateQueries();
    missed = false;
    heard();
  };
  opened.onerror = () => {
    lose();
    if (!hasPlace) missed = true;
    if (opened.readyState === EventSource.CLOSED) again = setTimeout(connect, againMs, true);
  };
  opened.addEventListener('incident', (message) => {
    heard();
    hasPlace = true;
    const event = LiveIncident.safeParse(JSON.parse(message.data));
    if (event.success) for (const listener of listeners) listener(event.data);
  });
  opened.addEventListener('pipeline', (message) => {
    heard();
    const event = LivePipeline.safeParse(JSON.parse(message.data));
    if (!event.success) return;
    pipeline = event.data;
    changed();
  });
}

/** What the pipeline said last is no longer how it is. */
function lose(): void {
  clearTimeout(silence);
  connection = 'lost';
  pipeline = null;
  changed();
}

function closeLive(): void {
  clearTimeout(again);
  clearTimeout(silence);
  source?.close();
  source = null;
  pipeline = null;
  connection = 'connecting';
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export const connectionNow = (): Connection => connection;
/** Null when nothing was told, or what was told may be old. */
export const pipelineNow = (): LivePipeline | null => pipeline;

export function useConnection(): Connection {
  return useSyncExternalStore(watch, connectionNow);
}

export function useLivePipeline(): LivePipeline | null {
  return useSyncExternalStore(watch, pipelineNow);
}

/** Calls `on` for every entry of an incident's log while the component is shown. `on` must stay the same function. */
export function useLiveIncidents(on: (event: LiveIncident) => void): void {
  useEffect(() => {
    listeners.add(on);
    return () => void listeners.delete(on);
  }, [on]);
}
