import type * as z from 'zod';

/**
 * One question to ClickHouse: its text with named parameters (`{key_id:String}`), their types, and the shape of an
 * answer row. Each stands in a file of its own under `questions/`, with the reason for its form.
 */
export interface Question<P extends z.ZodObject, R extends z.ZodType> {
  readonly name: string;
  readonly sql: string;
  readonly params: P;
  readonly row: R;
  /** `first`: only the first row of an answer is checked against `row`; for answers of very many rows. */
  readonly check?: 'all' | 'first';
  /** `compact`: rows come as arrays in the order of the columns, which is cheaper for very many rows. */
  readonly format?: 'objects' | 'compact';
}

export function defineQuestion<P extends z.ZodObject, R extends z.ZodType>(
  question: Question<P, R>,
): Question<P, R> {
  return question;
}
