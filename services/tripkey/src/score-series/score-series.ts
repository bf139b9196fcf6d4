import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { createSeriesModel, defaultThreshold } from '@tripkey/stats';
import { bucketWidthMs } from './bucket-width.ts';
import { BadSeries, parseSeries, type Series } from './parse-series.ts';

export interface FileScore {
  rows: number;
  /** Rows without a value: scored 0, not learnt. */
  missing: number;
  /** Rows whose score reached the threshold. */
  flagged: number;
}

export interface FolderScore extends FileScore {
  files: number;
  /** Files that are no CSV. */
  skipped: number;
  failed: { file: string; reason: string }[];
}

/**
 * Scores of a series' rows, 0..1, each from what came before it; 0 for rows without a value.
 */
export function scoreSeries(series: Series): number[] {
  const model = createSeriesModel({ bucketMs: bucketWidthMs(series.rows.map((row) => row.atMs)) });
  return series.rows.map(({ atMs, value }) => {
    if (value === undefined) return 0;
    const { score } = model.judge(atMs, value);
    model.learn(atMs, value);
    return score;
  });
}

/**
 * Writes the rows of a CSV file (columns timestamp, value) verbatim with a column anomaly_score behind them. The
 * result appears whole or not at all.
 *
 * @throws BadSeries with the line number when the file is no series; errors of the file system as they come
 */
export async function scoreSeriesFile(
  inFile: string,
  outFile: string,
  threshold: number = defaultThreshold,
): Promise<FileScore> {
  const series = parseSeries(await readFile(inFile, 'utf8'));
  const scores = scoreSeries(series);
  const lines = [`${series.header},anomaly_score`];
  let flagged = 0;
  let missing = 0;
  for (const [i, row] of series.rows.entries()) {
    const score = scores[i] ?? 0;
    lines.push(`${row.line},${score.toFixed(6)}`);
    if (row.value === undefined) missing += 1;
    else if (score >= threshold) flagged += 1;
  }
  await mkdir(dirname(outFile), { recursive: true });
  const unfinished = `${outFile}.part`;
  await writeFile(unfinished, lines.join(series.lineEnd) + series.lineEnd);
  await rename(unfinished, outFile);
  return { rows: series.rows.length, missing, flagged };
}

/**
 * Scores every CSV file of a folder and its subfolders into the same places under another. A file that is no
 * series is reported and does not stop the others.
 *
 * @param onProgress called after each file
 * @throws errors of the file system
 */
export async function scoreSeriesFolder(
  inFolder: string,
  outFolder: string,
  {
    threshold = defaultThreshold,
    onProgress = () => {},
  }: { threshold?: number; onProgress?: (done: number, total: number, file: string) => void } = {},
): Promise<FolderScore> {
  const entries = await readdir(inFolder, { recursive: true, withFileTypes: true });
  const out = resolve(outFolder);
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !resolve(path).startsWith(`${out}/`))
    .map((path) => relative(inFolder, path))
    .sort();
  const series = paths.filter((path) => path.toLowerCase().endsWith('.csv'));
  const result: FolderScore = {
    files: 0,
    rows: 0,
    missing: 0,
    flagged: 0,
    skipped: paths.length - series.length,
    failed: [],
  };
  for (const [i, file] of series.entries()) {
    try {
      const score = await scoreSeriesFile(join(inFolder, file), join(outFolder, file), threshold);
      result.files += 1;
      result.rows += score.rows;
      result.missing += score.missing;
      result.flagged += score.flagged;
    } catch (error) {
      if (!(error instanceof BadSeries)) throw error;
      result.failed.push({ file, reason: error.message });
    }
    onProgress(i + 1, series.length, file);
  }
  return result;
}
