// A detector in a process of its own, as services/detector runs it, with a broker in memory. Prints what its metrics
// say, a line of JSON, each time that its frontier has moved.
import { detector } from '@tripkey/detector';
import { type Clock, Metrics, stopSignal, systemClock } from '@tripkey/service-kit';
import { ClickHouseConfig, openStore } from '@tripkey/store';

const [url = '', keysAwakeMax = ''] = process.argv.slice(2);
const looksEveryMs = 50;

/** Looks for the next minute at once instead of in a minute. */
const clock: Clock = {
  now: () => systemClock.now(),
  sleep: (ms, signal) => systemClock.sleep(Math.min(ms, looksEveryMs), signal),
};
const metrics = new Metrics();
const stop = stopSignal();
await using store = openStore(ClickHouseConfig.parse({ url, requestTimeoutMs: 300_000 }));

let told = '';
const timer = setInterval(async () => {
  const text = await metrics.text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  const line = JSON.stringify({
    frontier: value('tripkey_detector_frontier_timestamp_seconds') * 1_000,
    stretch_s: value('tripkey_detector_stretch_seconds_sum'),
    save_s: value('tripkey_detector_save_seconds_sum'),
    saves: value('tripkey_detector_save_seconds_count'),
    keys: value('tripkey_detector_keys'),
    woken: value('tripkey_detector_keys_woken_total'),
  });
  if (line !== told) process.stdout.write(`${line}\n`);
  told = line;
}, looksEveryMs);

const log = {
  ...{ debug() {}, warn: tell, error: tell },
  info: (_: unknown, message?: string) => process.stdout.write(`${JSON.stringify({ message })}\n`),
} as unknown as Parameters<typeof detector>[0]['log'];
function tell(data: unknown, message?: string): void {
  process.stderr.write(`${message}: ${String((data as { err?: unknown })?.err ?? '')}\n`);
}

try {
  await detector(
    {
      ...{ store, findings: { send: async () => {} }, clock, log, metrics },
      ...{ tickMs: 60_000, saveEveryMs: 0, keysAwakeMax: Number(keysAwakeMax) },
    },
    stop,
  );
} finally {
  clearInterval(timer);
}
