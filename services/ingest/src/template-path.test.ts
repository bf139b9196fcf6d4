import { expect, test } from 'vitest';
import { pathOnly, templatePath } from './template-path.ts';

test.each([
  ['/v1/leads/1067', '/v1/leads/{id}'],
  ['/v1/leads/0192f0c4-7d3e-7abc-8def-0123456789ab/notes', '/v1/leads/{id}/notes'],
  ['/v1/files/9f86d081884c7d659a2feaa0c55ad015', '/v1/files/{id}'],
  ['/v1/leads/lead_8sdf98sdf', '/v1/leads/{id}'],
  ['/v1/leads/01HZX3K5V9QJ8W2N4M6P7R0T1S', '/v1/leads/{id}'],
  ['/reports/2026-03-02', '/reports/{id}'],
  ['/contacts/ada@example.com', '/contacts/{id}'],
  ['/contacts/ada%40example.com/', '/contacts/{id}'],
  ['//v1//leads/', '/v1/leads'],
  ['/', '/'],
])('%s becomes %s', (path, route) => {
  expect(templatePath(path)).toBe(route);
});

test.each([
  ['/v1/leads'],
  ['/oauth2/token'],
  ['/v2/web-hooks/lead-created'],
  ['/campaigns/spring-sale-2026'],
  ['/api/v10/mp3/base64'],
])('%s names no single object', (path) => {
  expect(templatePath(path)).toBe(path);
});

test('a very deep path is cut, so that a route stays short', () => {
  expect(templatePath('/a'.repeat(5_000)).length).toBeLessThan(100);
});

test.each([
  ['/v1/leads?api_key=made-up-secret', '/v1/leads'],
  ['/v1/leads#frag', '/v1/leads'],
  ['https://api.acme.example/v1/leads?q=1', '/v1/leads'],
  ['https://api.acme.example', '/'],
  ['/v1/leads', '/v1/leads'],
])('of %s only the path is kept', (target, path) => {
  expect(pathOnly(target)).toBe(path);
});
