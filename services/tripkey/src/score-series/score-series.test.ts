import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bucketWidthMs } from './bucket-width.ts';
import { BadSeries, parseSeries } from './parse-series.ts';
import { scoreSeries, scoreSeriesFile, scoreSeriesFolder } from './score-series.ts';
import { scoreSeriesCommand } from './score-series-command.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'score-series-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Rows every five minutes around 100, with one of 5000 at `spike`. */
function csv(rows: number, spike = -1): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const at = new Date(Date.UTC(2024, 0, 1) + i * 300_000).toISOString().slice(0, 19).replace('T', ' ');
    return `${at},${i === spike ? 5000 : 100 + ((i * 37) % 11)}`;
  });
  return `timestamp,value\n${lines.join('\n')}\n`;
}

async function scoresOf(file: string): Promise<number[]> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n').slice(1);
  return lines.map((line) => Number(line.split(',').at(-1)));
}

test('rows come back as they were, with a score behind them that peaks at the spike', async () => {
  const text = csv(1000, 800);
  await writeFile(join(folder, 'in.csv'), text);
  const result = await scoreSeriesFile(join(folder, 'in.csv'), join(folder, 'deep/out.csv'));
  const out = await readFile(join(folder, 'deep/out.csv'), 'utf8');
  expect(out.replaceAll(/,[^,\n]*\n/g, '\n')).toBe(text);
  const scores = await scoresOf(join(folder, 'deep/out.csv'));
  expect(scores.indexOf(Math.max(...scores))).toBe(800);
  expect(result).toMatchObject({ rows: 1000, missing: 0 });
  expect(result.flagged).toBeGreaterThan(0);
});

test('what comes later in a file changes no score before it', () => {
  const whole = scoreSeries(parseSeries(csv(1200, 1100)));
  const part = scoreSeries(parseSeries(csv(700)));
  expect(whole.slice(0, 700)).toEqual(part);
});

test('a folder keeps its subfolders, skips what is no CSV, and reports what is no series', async () => {
  await mkdir(join(folder, 'in/sub'), { recursive: true });
  await writeFile(join(folder, 'in/a.csv'), csv(50));
  await writeFile(join(folder, 'in/sub/b.csv'), csv(60));
  await writeFile(join(folder, 'in/sub/bad.csv'), 'timestamp,value\n2024-01-01 00:00:00,many\n');
  await writeFile(join(folder, 'in/labels.json'), '{}');
  const seen: string[] = [];
  const result = await scoreSeriesFolder(join(folder, 'in'), join(folder, 'out'), {
    onProgress: (done, total, file) => seen.push(`${done}/${total} ${file}`),
  });
  expect(result).toMatchObject({ files: 2, rows: 110, skipped: 1 });
  expect(result.failed).toEqual([
    { file: join('sub', 'bad.csv'), reason: 'line 2: "many" is no usable number' },
  ]);
  expect(await scoresOf(join(folder, 'out/sub/b.csv'))).toHaveLength(60);
  expect(seen.at(-1)).toBe(`3/3 ${join('sub', 'bad.csv')}`);
  await expect(stat(join(folder, 'out/sub/bad.csv'))).rejects.toThrow();
});

test('an output folder inside the input is not scored again', async () => {
  await writeFile(join(folder, 'a.csv'), csv(20));
  await scoreSeriesFolder(folder, join(folder, 'out'));
  expect(await scoreSeriesFolder(folder, join(folder, 'out'))).toMatchObject({ files: 1 });
});

test.each([
  ['time,value\n', 'line 1: needs the columns timestamp and value, has "time,value"'],
  ['timestamp,value,anomaly_score\n', 'line 1: has a column anomaly_score already'],
  ['timestamp,value\n2024-01-01 00:00:00,1\n\nyesterday,2\n', 'line 4: "yesterday" is no timestamp'],
  ['timestamp,value\n2024-01-01 00:00:00\n', 'line 2: has 1 cells, the header promises more'],
  ['timestamp,value\n2024-01-01 00:00:00,1e99\n', 'line 2: "1e99" is no usable number'],
])('a file that is no series is refused with the line: %j', (text, reason) => {
  expect(() => parseSeries(text)).toThrow(new BadSeries(reason));
});

test('rows without a value are kept, scored 0 and counted, whatever the columns around them', async () => {
  const text =
    'host,"value",timestamp\r\n"a, b",,2024-01-01 00:00:00\r\nc,NaN,2024-01-01 00:05:00\r\nd,3,2024-01-01 00:10:00\r\n';
  await writeFile(join(folder, 'in.csv'), text);
  const result = await scoreSeriesFile(join(folder, 'in.csv'), join(folder, 'out.csv'));
  expect(result).toEqual({ rows: 3, missing: 2, flagged: 0 });
  expect(await readFile(join(folder, 'out.csv'), 'utf8')).toBe(
    'host,"value",timestamp,anomaly_score\r\n"a, b",,2024-01-01 00:00:00,0.000000\r\n' +
      'c,NaN,2024-01-01 00:05:00,0.000000\r\nd,3,2024-01-01 00:10:00,0.000000\r\n',
  );
});

test('the width of a row is read from the first steps, between a minute and an hour', () => {
  expect(bucketWidthMs([0, 300_000, 600_000, 5_000_000])).toBe(300_000);
  expect(bucketWidthMs([0, 1000, 2000])).toBe(60_000);
  expect(bucketWidthMs([0, 86_400_000, 172_800_000])).toBe(3_600_000);
  expect(bucketWidthMs([5])).toBe(300_000);
  expect(bucketWidthMs([5, 5, 1])).toBe(300_000);
});

test('a call that cannot work says why', async () => {
  const missing = join(folder, 'nothing.csv');
  await expect(scoreSeriesCommand({ in: missing, out: 'x' })).rejects.toThrow(
    `there is no file or folder ${missing}`,
  );
  await expect(scoreSeriesCommand({ in: folder, out: folder })).rejects.toThrow('in and out are the same');
  await expect(scoreSeriesCommand({ in: folder, out: 'x', threshold: 2 })).rejects.toThrow('from 0 to 1');
});
