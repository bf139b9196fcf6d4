import { type Clock, type Logger, repeat } from '@tripkey/service-kit';
import type { IpDatabase } from './ip-database.ts';

/** How often the files of an IP database are looked at, ms. */
const everyMs = 60_000;

/** Takes changed files of an IP database into use until `stop` aborts: operators replace them every day or week. */
export async function refreshRegularly(
  database: Pick<IpDatabase, 'refresh'>,
  { clock, log }: { clock: Clock; log: Logger },
  stop: AbortSignal,
): Promise<void> {
  const refresh = async () => {
    try {
      for (const file of database.refresh())
        log.info({ file }, 'another edition of an IP database is in use');
    } catch (error) {
      log.warn({ err: error }, 'an IP database cannot be read, going on with the one that was read before');
    }
  };
  await repeat(everyMs, refresh, clock, stop);
}
