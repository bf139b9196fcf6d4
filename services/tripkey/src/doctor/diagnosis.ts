/** What one look at one thing came to. */
export interface Diagnosis {
  /** What was looked at: `clickhouse`, `kafka`, … */
  readonly about: string;
  /** `fault`: does not work, or soon will not. `warning`: works, and somebody should know. */
  readonly verdict: 'ok' | 'warning' | 'fault';
  readonly says: string;
  /** What to do, where there is something to do. */
  readonly advice?: string;
}

/** A look at one thing, which may find several things to say; what it throws is a fault of that thing. */
export interface Examination {
  readonly about: string;
  readonly advice: string;
  /** What has to answer before this can be looked at. */
  readonly needs?: string;
  look(): Promise<Diagnosis[]>;
}

/** Looks at everything, one after another; a look that fails says so and the next goes on. */
export async function examine(examinations: readonly Examination[]): Promise<Diagnosis[]> {
  const found: Diagnosis[] = [];
  const silent = new Set<string>();
  for (const { about, advice, needs, look } of examinations) {
    if (needs !== undefined && silent.has(needs)) continue;
    try {
      found.push(...(await look()));
    } catch (error) {
      silent.add(about);
      const says = error instanceof Error && error.message ? error.message : String(error);
      found.push({ about, verdict: 'fault', says: firstLine(says), advice });
    }
  }
  return found;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
