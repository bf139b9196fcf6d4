import { Presets, SingleBar } from 'cli-progress';

/** A progress bar on a terminal, a line now and then where there is none; always on standard error. */
export interface Progress {
  /** @param done how much of the total is done, in the total's unit */
  update(done: number, note?: string): void;
  stop(): void;
}

/** Bars that are drawn: each draws itself again and again, which keeps the process alive. */
const drawn = new Set<SingleBar>();

/** Ends every bar, also of a command that failed. */
export function endProgress(): void {
  for (const bar of drawn) bar.stop();
  drawn.clear();
}

/** Share of the total between two lines where no terminal is. */
const lineStep = 0.25;

/** @param total in any unit; 0 when unknown */
export function showProgress(title: string, total: number): Progress {
  if (!process.stderr.isTTY) return lineProgress(title, total);
  const bar = new SingleBar(
    { format: `${title} [{bar}] {percentage}% {note}`, stream: process.stderr, fps: 5 },
    Presets.shades_classic,
  );
  bar.start(Math.max(1, total), 0, { note: '' });
  drawn.add(bar);
  return {
    update: (done, note = '') => bar.update(Math.min(done, total), { note }),
    stop() {
      bar.stop();
      drawn.delete(bar);
    },
  };
}

function lineProgress(title: string, total: number): Progress {
  let shown = 0;
  process.stderr.write(`${title} …\n`);
  return {
    update(done, note = '') {
      const share = total > 0 ? done / total : 0;
      if (share < shown + lineStep) return;
      shown = Math.floor(share / lineStep) * lineStep;
      process.stderr.write(`${title} ${Math.round(shown * 100)}% ${note}\n`);
    },
    stop() {},
  };
}
