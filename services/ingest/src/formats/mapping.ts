import { RequestEvent } from '@tripkey/contract';
import * as z from 'zod';
import {
  type EventDraft,
  type Fields,
  type GatewayFormat,
  type SecretsOfFormat,
  unknownKeyId,
} from './gateway-format.ts';
import { at, count, duration, fromCommonLogTime, lengthsMax, number, status, text } from './read-fields.ts';

const unitMs = { s: 1_000, ms: 1, us: 1e-3, ns: 1e-6 };

/** Where a field is: names of fields joined by dots, or a list of names when a name has a dot itself. */
const Place = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(16)]);

const Source = z.union([
  Place,
  z.strictObject({
    from: z
      .union([Place, z.array(Place)])
      .optional()
      .describe('the first of these places that has a value'),
    value: z.union([z.string(), z.number()]).optional().describe('what to take when no place has a value'),
    unit: z
      .enum(['s', 'ms', 'us', 'ns'])
      .default('ms')
      .describe('unit of a time or duration that is a number'),
    secret: z.boolean().default(false).describe('key_id only: the place holds the raw key, which is hashed'),
  }),
]);

const fieldNames = RequestEvent.keyof().exclude(['tags']).options;

/** A gateway that we do not know, described by where it writes the fields of an event. */
export const Mapping = z.strictObject({
  fields: z
    .partialRecord(z.enum(fieldNames), Source)
    .refine((fields) => 'ts' in fields && 'key_id' in fields && 'method' in fields && 'status' in fields, {
      message: 'needs ts, key_id, method and status',
    })
    .describe('field of an event: where it is'),
  tags: z.record(z.string().max(64), Place).default({}).describe('tag: where its value is'),
});
export type Mapping = z.infer<typeof Mapping>;

type Reader = (element: Fields, secrets: SecretsOfFormat) => unknown;

/** The format that a mapping describes. It recognises nothing: it is chosen, never guessed. */
export function mappedFormat(mapping: Mapping): GatewayFormat {
  const readers = Object.entries(mapping.fields).map(
    ([field, source]) => [field, reader(field, source)] as const,
  );
  const tagPlaces = Object.entries(mapping.tags).map(([tag, place]) => [tag, steps(place)] as const);
  return {
    recognises: () => false,
    read(element, secrets) {
      const draft: Record<string, unknown> = {};
      for (const [field, read] of readers) draft[field] = read(element, secrets);
      const tags: Record<string, string> = {};
      for (const [tag, place] of tagPlaces) {
        const value = text(at(element, ...place), lengthsMax.tag);
        if (value !== undefined) tags[tag] = value;
      }
      return { ...draft, key_id: draft.key_id ?? unknownKeyId, tags } as EventDraft;
    },
  };
}

function reader(field: string, source: z.infer<typeof Source>): Reader {
  const { from, value, unit, secret } =
    typeof source === 'string' || Array.isArray(source)
      ? { from: [source], value: undefined, unit: 'ms' as const, secret: false }
      : source;
  const places = placesOf(from).map(steps);
  const convert = converter(field, unitMs[unit]);
  return (element, secrets) => {
    for (const place of places) {
      const found = convert(at(element, ...place));
      if (found === undefined) continue;
      return secret && typeof found === 'string' ? secrets.keyId(found) : found;
    }
    return value;
  };
}

/** Below `from` a list is one of places; a place whose names have dots is a list in that list. */
function placesOf(from: unknown): z.infer<typeof Place>[] {
  if (from === undefined) return [];
  return (Array.isArray(from) ? from : [from]) as z.infer<typeof Place>[];
}

function steps(place: z.infer<typeof Place>): string[] {
  return typeof place === 'string' ? place.split('.') : place;
}

function converter(field: string, unit: number): (value: unknown) => unknown {
  switch (field) {
    case 'ts':
      return (value) => {
        const read = number(value);
        return read === undefined ? fromCommonLogTime(value) : Math.round(read * unit);
      };
    case 'latency_ms':
      return (value) => duration(value, unit);
    case 'status':
      return status;
    case 'bytes_in':
    case 'bytes_out':
    case 'cost':
    case 'gateway_seq':
      return count;
    case 'path':
      return (value) => text(value, lengthsMax.path);
    case 'route':
      return (value) => text(value, 512);
    case 'user_agent':
      return (value) => text(value, lengthsMax.agent);
    case 'gateway':
      return (value) => text(value, lengthsMax.name);
    case 'method':
      return (value) => text(value, lengthsMax.method);
    default:
      return (value) => text(value, lengthsMax.id);
  }
}
