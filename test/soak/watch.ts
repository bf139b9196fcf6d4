import { pipelineProgress, type Store } from '@tripkey/store';
import type { ServiceProcess } from '../chaos/service-process.ts';

/** Share of the time at the beginning in which caches fill; growth in it is no leak. */
const warmUpShare = 0.3;
const hourMs = 3_600_000;

/** Looks at memory and lag now and then. */
export class Watch {
  readonly #store: Store;
  readonly #processes: readonly ServiceProcess[];
  readonly #memory: { readonly at: number; readonly mb: number }[] = [];
  /** Records that waited in Kafka at most. */
  lagMax = 0;
  /** How far the detector was behind at most, s. */
  behindSecondsMax = 0;

  constructor(store: Store, processes: readonly ServiceProcess[]) {
    this.#store = store;
    this.#processes = processes;
  }

  async look(): Promise<void> {
    const mb = this.#processes.reduce((sum, { residentMb }) => sum + (residentMb ?? 0), 0);
    this.#memory.push({ at: Date.now(), mb });
    const [progress] = await this.#store.ask(pipelineProgress, {});
    if (!progress) return;
    this.lagMax = Math.max(this.lagMax, progress.lag);
    if (progress.frontier > 0) {
      const behind = Math.round((Date.now() - progress.frontier) / 1_000);
      this.behindSecondsMax = Math.max(this.behindSecondsMax, behind);
    }
  }

  /** The most memory that all of them had together, MB. */
  get residentMbMax(): number {
    return Math.max(0, ...this.#memory.map(({ mb }) => mb));
  }

  /** Growth of memory after the warm-up, by least squares, MB an hour. */
  slopeMbPerHour(): number {
    const samples = this.#memory.slice(Math.floor(this.#memory.length * warmUpShare));
    if (samples.length < 2) return 0;
    const mean = (value: (sample: { at: number; mb: number }) => number) =>
      samples.reduce((sum, sample) => sum + value(sample), 0) / samples.length;
    const [at, mb] = [mean((sample) => sample.at), mean((sample) => sample.mb)];
    const covariance = mean((sample) => (sample.at - at) * (sample.mb - mb));
    const variance = mean((sample) => (sample.at - at) ** 2);
    return variance === 0 ? 0 : Math.round((covariance / variance) * hourMs);
  }
}
