import * as z from 'zod';

/** RFC 3339, UTC. */
export const Time = z.iso.datetime({ offset: true });

/** A number that an address gives as text. */
export const queryNumber = () => z.coerce.number();

/** A list that an address gives as comma-separated text, or as a parameter that comes several times. */
export const queryList = <S extends z.ZodType<unknown, string>>(item: S) =>
  z.preprocess(
    (value) =>
      (Array.isArray(value) ? value : value === undefined ? [] : [value]).flatMap((part) =>
        typeof part === 'string' ? part.split(',').filter((text) => text !== '') : [part],
      ),
    z.array(item).max(100),
  );

export const rowsOfPageMax = 500;

/** What every list takes. `next_cursor` of one page is `cursor` of the next. */
export const PageQuery = z.object({
  cursor: z.string().max(2_000).optional().describe('`next_cursor` of the page before'),
  limit: queryNumber().int().min(1).max(rowsOfPageMax).default(50).describe('rows of a page'),
  format: z
    .enum(['json', 'ndjson', 'csv'])
    .default('json')
    .describe('`ndjson` and `csv` stream every row that the filters let through, not only a page'),
});

/** A page of a list. There are more rows exactly when `next_cursor` is not null. */
export const pageOf = <S extends z.ZodType>(item: S) =>
  z.object({
    items: z.array(item),
    next_cursor: z.string().nullable().describe('null on the last page'),
    total: z.int().nullable().describe('rows on all pages; null where counting them would cost too much'),
  });

/** A span of time. */
export const SpanQuery = z.object({
  from: Time.optional().describe('RFC 3339'),
  to: Time.optional().describe('RFC 3339; now without it'),
});
