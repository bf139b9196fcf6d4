import * as z from 'zod';
import { serviceConfigs } from './service-configs.ts';

/** The part of JSON Schema that our configurations come to. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly [keyword: string]: unknown;
}

/**
 * The JSON Schema of the file that all services share, for editors and for `tripkey config check`. Nothing is
 * required: what a file leaves out may come from the environment.
 */
export function configSchema(): JsonSchema {
  const parts = Object.values(serviceConfigs).map((config) =>
    loosened(
      z.toJSONSchema(config, { io: 'output', unrepresentable: 'any', reused: 'inline' }) as JsonSchema,
    ),
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Tripkey configuration',
    description:
      'Read by every service from the file that TRIPKEY_CONFIG names; an environment variable goes first',
    ...parts.reduce(united),
  };
}

/** Without what is required, and without formats that JSON Schema does not know. */
function loosened({ $schema: _, required: _required, ...schema }: JsonSchema): JsonSchema {
  const { properties, additionalProperties, items, format, ...rest } = schema;
  return {
    ...rest,
    ...(format === 'uri' ? { format } : {}),
    ...(typeof items === 'object' && items !== null ? { items: loosened(items as JsonSchema) } : {}),
    ...(properties ? { properties: mapValues(properties, loosened) } : {}),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: loosened(additionalProperties) }
      : additionalProperties === undefined
        ? {}
        : { additionalProperties }),
  };
}

/** What either allows: services read different parts of the same mapping. */
function united(a: JsonSchema, b: JsonSchema): JsonSchema {
  if (!a.properties || !b.properties) return a;
  const properties = { ...a.properties };
  for (const [name, schema] of Object.entries(b.properties)) {
    const known = properties[name];
    properties[name] = known ? united(known, schema) : schema;
  }
  return { ...b, ...a, properties };
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

/** Paths of a configuration that no service reads: misspelt, or of another release. */
export function unknownPaths(raw: unknown, schema: JsonSchema, path: readonly string[] = []): string[] {
  if (!schema.properties || typeof raw !== 'object' || raw === null || Array.isArray(raw)) return [];
  const { properties, additionalProperties } = schema;
  return Object.entries(raw).flatMap(([name, value]) => {
    const below = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (below) return unknownPaths(value, below, [...path, name]);
    return additionalProperties === false ? [[...path, name].join('.')] : [];
  });
}
