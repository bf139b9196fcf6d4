import { useSyncExternalStore } from 'react';
import { formatAgo, formatMinute, formatSeconds, formatTime } from '../format/times.ts';
import { usePreferences } from '../shell/preferences.ts';

let now = Date.now();
const listeners = new Set<() => void>();
setInterval(() => {
  now = Date.now();
  for (const listener of listeners) listener();
}, 1_000);

/** The present, renewed every second. */
export function useNow(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => now,
  );
}

type Style = 'full' | 'minute' | 'seconds' | 'ago';

/** A moment as the person wants to read it; all of it, with the zone, in the tooltip. */
export function Moment({ at, style = 'minute' }: { readonly at: string | null; readonly style?: Style }) {
  const { zone } = usePreferences();
  if (at === null) return <span className="muted">never</span>;
  const ms = Date.parse(at);
  return (
    <time
      dateTime={at}
      title={`${formatTime(ms, zone)} ${zone === 'utc' ? 'UTC' : 'local time'}`}
      className="nowrap"
    >
      {style === 'ago' ? (
        <Ago ms={ms} />
      ) : style === 'full' ? (
        formatTime(ms, zone)
      ) : style === 'seconds' ? (
        formatSeconds(ms, zone)
      ) : (
        formatMinute(ms, zone)
      )}
    </time>
  );
}

function Ago({ ms }: { readonly ms: number }) {
  return formatAgo(ms, useNow());
}
