import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { defaultThreshold } from '@tripkey/stats';
import { showProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';
import { BadSeries } from './parse-series.ts';
import { type FolderScore, scoreSeriesFile, scoreSeriesFolder } from './score-series.ts';

export interface ScoreSeriesOptions {
  /** CSV file, or folder of them. */
  in: string;
  /** File for a file, folder for a folder. */
  out: string;
  /** Print the figures as one line of JSON. */
  json?: boolean;
  /** Score from which a row counts as flagged in the figures. */
  threshold?: number;
}

/**
 * `tripkey score-series`: what the volume engine makes of any series. Needs no database.
 *
 * @returns the process's exit code: 0, or 1 when a file was no series
 * @throws UsageError when there is no such input or it cannot be used like this
 */
export async function scoreSeriesCommand(options: ScoreSeriesOptions): Promise<0 | 1> {
  const { in: input, out, json = false, threshold = defaultThreshold } = options;
  if (!(threshold >= 0 && threshold <= 1)) throw new UsageError('the threshold is a score, from 0 to 1');
  if (resolve(input) === resolve(out)) throw new UsageError('in and out are the same: choose another out');
  const found = await stat(input).catch(() => null);
  if (found === null) throw new UsageError(`there is no file or folder ${input}`);
  const startedAt = performance.now();
  const result = found.isDirectory()
    ? await scoreFolder(input, out, threshold)
    : await scoreFile(input, out, threshold);
  const seconds = Math.round((performance.now() - startedAt) / 10) / 100;
  tell(result, threshold, seconds, json);
  return result.failed.length > 0 ? 1 : 0;
}

async function scoreFile(input: string, out: string, threshold: number): Promise<FolderScore> {
  try {
    return { files: 1, skipped: 0, failed: [], ...(await scoreSeriesFile(input, out, threshold)) };
  } catch (error) {
    if (error instanceof BadSeries) throw new UsageError(`${input}, ${error.message}`);
    throw error;
  }
}

async function scoreFolder(input: string, out: string, threshold: number): Promise<FolderScore> {
  let bar: ReturnType<typeof showProgress> | undefined;
  try {
    return await scoreSeriesFolder(input, out, {
      threshold,
      onProgress: (done, total, file) => {
        bar ??= showProgress('scoring', total);
        bar.update(done, file);
      },
    });
  } finally {
    bar?.stop();
  }
}

function tell(result: FolderScore, threshold: number, seconds: number, json: boolean): void {
  const { files, rows, missing, flagged, skipped, failed } = result;
  for (const { file, reason } of failed) process.stderr.write(`${file}, ${reason}\n`);
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ files, rows, missing, flagged, threshold, skipped, failed: failed.length, seconds })}\n`,
    );
    return;
  }
  process.stdout.write(
    `${files} series, ${rows} rows (${missing} without a value), ${flagged} with a score of ${threshold} or more; ` +
      `${skipped} files were no CSV, ${failed.length} no series; ${seconds} s\n`,
  );
}
