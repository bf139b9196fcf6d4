import type * as z from 'zod';

/** What a measurement found out. Figures carry their unit in their name (`rows_per_s`, `p99_ms`). */
export interface Measured {
  readonly figures: Readonly<Record<string, number | string | boolean | null>>;
  /** Whether everything that it checks held. */
  readonly held: boolean;
}

export interface MeasurementContext<Options> {
  /** Source of all chance: the same seed repeats the run. */
  readonly seed: number;
  readonly options: Options;
  /** Tells people how far it is. */
  log(line: string): void;
  /** Aborts when the run is to be ended early. */
  readonly signal: AbortSignal;
}

/** One thing that can be measured by a command, such as `npm run bench store`. */
export interface Measurement<Shape extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** Its flags: `batchRows` is given as `--batch-rows`. Each has a default and a description. */
  readonly options: Shape;
  run(context: MeasurementContext<z.infer<Shape>>): Promise<Measured>;
}

/** Keeps the types of a measurement's options while it is put among others. */
export function defineMeasurement<Shape extends z.ZodObject>(
  measurement: Measurement<Shape>,
): Measurement<Shape> {
  return measurement;
}
