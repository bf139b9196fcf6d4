import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import { retry } from './retry.ts';

const unreachable =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE)$/;

/** Whether an error's code says that a host cannot be reached now; a certificate that is not trusted is no such thing. */
export function isUnreachable(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && unreachable.test(code);
}

/** What a service needs to run, and how one knows that it is away. */
export interface Needed {
  /** As the log names it, such as `Kafka`. */
  readonly name: string;
  readonly isAway: (error: unknown) => boolean;
}

/**
 * Does what a service does first with something that it needs. While that is away it waits, until `stop` aborts.
 * @throws what `work` throws for any other reason
 */
export async function waitFor(
  { name, isAway }: Needed,
  work: () => Promise<void>,
  { clock, log }: { clock: Clock; log: Logger },
  stop: AbortSignal,
): Promise<void> {
  try {
    await retry(work, {
      ...{ clock, signal: stop, worthRetry: isAway },
      onRetry: (err) => log.warn({ err }, `${name} is away, waiting for it`),
    });
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}
