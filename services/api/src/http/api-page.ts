import { type Route, routes } from '@tripkey/contract/api';
import * as z from 'zod';

/** The API's routes as a page for people. Plain HTML without scripts; everything in it is ours. */
export function apiPage(): string {
  const byTag = Map.groupBy(routes as readonly Route[], ({ tag }) => tag);
  const contents = [...byTag.keys()].map((tag) => `<a href="#${tag}">${tag}</a>`).join(' · ');
  const sections = [...byTag].map(
    ([tag, own]) => `<h2 id="${tag}">${tag}</h2>\n${own.map(routeSection).join('\n')}`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Tripkey API</title>
<link rel="stylesheet" href="/v1/docs.css">
<h1>Tripkey API</h1>
<p>Send <code>Authorization: Bearer tripkey_…</code>; make a token with <code>tripkey tokens create</code> or in the console.
Times are RFC 3339, UTC. Lists come in pages: <code>next_cursor</code> of one is <code>cursor</code> of the next. What is
wrong is told as a problem (RFC 9457) with a <code>code</code>. For machines: <a href="/v1/openapi.json">OpenAPI 3.1</a>.</p>
<pre>curl -H "Authorization: Bearer $TRIPKEY_TOKEN" 'http://127.0.0.1:8080/v1/incidents?state=open'</pre>
<p>${contents}</p>
${sections.join('\n')}
</html>
`;
}

/** What the page looks like. */
export const apiPageStyle = `:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 14px/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid; border-radius: 4px; }
details { margin: 0.25rem 0; border: 1px solid; border-radius: 4px; padding: 0.5rem 0.75rem; }
summary { cursor: pointer; }
b { display: inline-block; min-width: 4rem; }
`;

function routeSection(route: Route): string {
  const { method, path, summary, description, access, params, query, body, response } = route;
  const who =
    access === 'anybody' ? 'anybody' : access === 'signed_in' ? 'anybody signed in' : `scope ${access}`;
  const notes = [
    `For ${who}.`,
    ...(route.idempotent ? ['Needs the header Idempotency-Key.'] : []),
    ...(route.streams === 'export' ? ['With format=csv or format=ndjson it streams every row.'] : []),
    ...(description ? [description] : []),
  ];
  const parts = [
    ...(params ? [schemaBlock('in the path', params, 'input')] : []),
    ...(query ? [schemaBlock('in the address', query, 'input')] : []),
    ...(body ? [schemaBlock('body', body, 'input')] : []),
    ...(response ? [schemaBlock('answer', response, 'output')] : []),
  ];
  return `<details id="${route.id}">
<summary><b>${method.toUpperCase()}</b> <code>${escaped(path)}</code> ${escaped(summary)}</summary>
<p>${notes.map(escaped).join(' ')}</p>
${parts.join('\n')}
</details>`;
}

function schemaBlock(title: string, schema: z.ZodType, io: 'input' | 'output'): string {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return `<h4>${title}</h4>\n<pre>${escaped(JSON.stringify(json, null, 2))}</pre>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
