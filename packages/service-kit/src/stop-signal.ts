/** One Ctrl-C comes several times: from the terminal and from each wrapper (npm, bootstrap) that passes it on. */
const sameSignalMsMax = 500;

/**
 * Aborts on SIGTERM or SIGINT. A second signal ends the process at once, and so does `hardStopMs` (25 s) after the
 * first: a drain that hangs must not hold up a roll-out.
 */
export function stopSignal(hardStopMs = 25_000): AbortSignal {
  const controller = new AbortController();
  let stoppedAt = 0;
  const stop = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      if (performance.now() - stoppedAt > sameSignalMsMax) process.exit(1);
      return;
    }
    stoppedAt = performance.now();
    controller.abort(new Error(`stopped by ${signal}`));
    setTimeout(() => {
      process.stderr.write(`did not stop within ${hardStopMs} ms, ending now\n`);
      process.exit(1);
    }, hardStopMs).unref();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return controller.signal;
}
