import { Problem, type Route, routes } from '@tripkey/contract/api';
import * as z from 'zod';

type Json = Record<string, unknown>;

/** What is said of the API as a whole. */
const about = `Who calls says so by \`Authorization: Bearer tripkey_…\`; people in browsers have a session cookie, and send
\`X-CSRF-Token\` (from \`GET /v1/session\`) with everything but GET. Times are RFC 3339, UTC. Lists come in pages:
\`next_cursor\` of one is \`cursor\` of the next. What is wrong is told as a problem (RFC 9457) with a \`code\`.`;

/** The OpenAPI 3.1 document of the API, made from the table of routes. */
export function openApi(publicUrl: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes as readonly Route[]) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tripkey',
      version: '1.0.0',
      description: about,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl }],
    tags: [...new Set((routes as readonly Route[]).map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'an API token, `tripkey_…`' },
        session: { type: 'apiKey', in: 'cookie', name: 'tripkey_session' },
      },
      responses: {
        Problem: {
          description: 'What is wrong',
          content: { 'application/problem+json': { schema: schemaOf(Problem, 'output') } },
        },
      },
    },
  };
}

function operationOf(route: Route): Json {
  const { id, tag, summary, access } = route;
  const needs =
    access === 'anybody'
      ? ''
      : access === 'signed_in'
        ? 'Anybody who is signed in.'
        : `Scope: \`${access}\`.`;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: [needs, route.description].filter(Boolean).join(' '),
    ...(access === 'anybody' ? { security: [] } : { security: [{ token: [] }, { session: [] }] }),
    parameters: [
      ...parametersOf(route.params, 'path'),
      ...parametersOf(route.query, 'query'),
      ...headersOf(route),
    ],
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
          },
        }
      : {}),
    responses: {
      [String(route.status ?? 200)]: answerOf(route),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description ? { description } : {}),
    schema: rest,
  }));
}

function headersOf({ idempotent, etag, method }: Route): Json[] {
  const header = (name: string, required: boolean, description: string) => ({
    ...{ name, in: 'header', required, description },
    schema: { type: 'string', maxLength: 255 },
  });
  return [
    ...(idempotent
      ? [
          header(
            'Idempotency-Key',
            true,
            'the same for every attempt at the same wish; the effect comes once',
          ),
        ]
      : []),
    ...(etag && method !== 'get'
      ? [header('If-Match', false, 'ETag of what was read: refused with 412 when somebody changed it since')]
      : []),
  ];
}

function answerOf({ response, streams, etag, summary }: Route): Json {
  if (response === null) return { description: 'Done' };
  const schema = schemaOf(response, 'output');
  const rows = { schema: { type: 'string' } };
  const content =
    streams === 'events'
      ? { 'text/event-stream': { schema: { type: 'string' } } }
      : {
          'application/json': { schema },
          ...(streams ? { 'application/x-ndjson': rows, 'text/csv': rows } : {}),
        };
  return {
    description: summary,
    ...(etag ? { headers: { ETag: { schema: { type: 'string' } } } } : {}),
    content,
  };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return json;
}
