import { parentPort, Worker } from 'node:worker_threads';

type Said = { readonly progress: number } | { readonly result: unknown };

/**
 * Runs a file in a thread of its own, so that requests go on while it works. The file tells its result by `endThread`.
 * @param workerData copied to the thread
 * @throws what the thread threw; the signal's reason when that aborts, whereupon the thread ends, too
 */
export async function inThread<Result>(
  file: URL,
  workerData: object,
  signal: AbortSignal,
  onProgress: (share: number) => void = () => {},
): Promise<Result> {
  signal.throwIfAborted();
  const worker = new Worker(file, { workerData });
  try {
    return await new Promise<Result>((resolve, reject) => {
      worker.on('message', (said: Said) => {
        if ('progress' in said) onProgress(said.progress);
        else resolve(said.result as Result);
      });
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('it ended without a result')));
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  } finally {
    await worker.terminate();
  }
}

/** In the thread: how far it is, 0 to 1. */
export function tellProgress(share: number): void {
  parentPort?.postMessage({ progress: share } satisfies Said);
}

/** In the thread: what it was asked for. */
export function endThread(result: unknown): void {
  parentPort?.postMessage({ result } satisfies Said);
}
