import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { cpuSeconds, rssMaxMb } from '../process-usage.ts';

const main = fileURLToPath(new URL('detector-main.ts', import.meta.url));

/** What the process says of itself; seconds are sums since its start. */
const Said = z.object({
  frontier: z.number(),
  stretch_s: z.number(),
  save_s: z.number(),
  saves: z.number(),
  keys: z.number(),
  woken: z.number(),
});
export type Said = z.infer<typeof Said>;

/** A detector in a process of its own, and what it costs. */
export class DetectorProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  said: Said = { frontier: 0, stretch_s: 0, save_s: 0, saves: 0, keys: 0, woken: 0 };
  #loaded = false;
  #gone: string | null = null;

  constructor(url: string, options: { keysAwakeMax: number; heapMbMax: number; profile: string }) {
    const flags = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : [];
    this.#child = spawn(
      process.execPath,
      // Room for what dies young, as the image and the CLI give it.
      [
        '--max-semi-space-size=64',
        `--max-old-space-size=${options.heapMbMax}`,
        ...flags,
        main,
        url,
        String(options.keysAwakeMax),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    createInterface(this.#child.stdout!).on('line', (line) => {
      const said = Said.safeParse(JSON.parse(line));
      if (said.success) this.said = said.data;
      else this.#loaded = true;
      for (const wake of this.#waiting) wake();
    });
    this.#child.once('exit', (code, signal) => {
      this.#gone = `the detector ended with ${signal ?? code}`;
      for (const wake of this.#waiting) wake();
    });
  }

  /** Its state is read back. */
  loaded(): Promise<void> {
    return this.#until(() => this.#loaded);
  }

  /** Arrivals before a time are judged, and what was learnt is saved. */
  async savedUntil(frontier: number, saves: number): Promise<Said> {
    await this.#until(() => this.said.frontier >= frontier && this.said.saves >= saves);
    return this.said;
  }

  get cpuS(): number {
    return cpuSeconds(this.#child.pid!);
  }

  get rssMaxMb(): number {
    return rssMaxMb(this.#child.pid!);
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.#gone) throw new Error(this.#gone);
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#gone) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}
