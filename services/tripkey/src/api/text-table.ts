/** What others sent must not move the cursor or colour the terminal. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '·');
}

/** Rows as columns of text, numbers to the right. */
export function textTable(names: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const cells = rows.map((row) => row.map(cellText));
  const widths = names.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[], at: number) =>
    row
      .map((cell, i) =>
        at >= 0 && typeof rows[at]?.[i] === 'number' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!),
      )
      .join('  ')
      .trimEnd();
  return [line(names, -1), ...cells.map(line)].map((text) => `${text}\n`).join('');
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return plainText(typeof value === 'object' ? JSON.stringify(value) : String(value));
}
