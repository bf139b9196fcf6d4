/**
 * Aborts on SIGTERM or SIGINT. A second signal ends the process at once, and so does `hardStopMs` (25 s) after the
 * first: a drain that hangs must not hold up a roll-out.
 */
export function stopSignal(hardStopMs = 25_000): AbortSignal {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(1);
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
