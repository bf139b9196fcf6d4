import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type * as z from 'zod';
import { keyActions } from '../key-issuer.ts';
import {
  OperationId,
  problemStatuses,
  WireCapabilities,
  WireCommand,
  WireKey,
  WireProblem,
  WireResult,
  WireStatus,
} from './wire.ts';

const file = fileURLToPath(new URL('../../openapi/key-issuer.v1.yaml', import.meta.url));
const published = parse(readFileSync(file, 'utf8'));
const { schemas } = published.components;
const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema(published, 'published');

const aCommand = {
  action: 'disable',
  reason: 'stolen',
  actor: { type: 'user', id: 'ana', approved_by: ['ben'] },
  incident_id: 'inc_1',
};
const aResult = { operation_id: 'o', key_id: 'k', action: 'disable', result: 'done', status: 'disabled' };
const aProblem = { title: 'no', status: 404, code: 'key_not_found' };

/** Of each message one that is right, and changes that make it wrong or leave it right. */
const messages: Record<string, [z.ZodType, object, object[]]> = {
  Capabilities: [
    WireCapabilities,
    { actions: ['disable'], propagation_ms: 30_000 },
    [
      { actions: ['dance'] },
      { propagation_ms: -1 },
      { propagation_ms: 1.5 },
      { propagation_ms: 86_400_001 },
      { reach: 'consumer' },
      { reach: 'everything' },
      { undo: [{ action: 'disable' }, { action: 'revoke', within_ms: null }] },
      { undo: [{ action: 'rotate' }] },
      { undo: [{ action: 'disable', within_ms: 0 }] },
      { more: 1 },
    ],
  ],
  Key: [
    WireKey,
    { key_id: 'k', status: 'active' },
    [
      { status: 'missing' },
      { status: null },
      { key_id: 7 },
      { version: '' },
      { version: 3 },
      { protected: 1 },
      { more: 1 },
    ],
  ],
  Command: [
    WireCommand,
    aCommand,
    [
      { action: 'dance' },
      { reason: '' },
      { reason: 'x'.repeat(2_001) },
      { actor: { type: 'robot', id: 'r' } },
      { actor: { type: 'policy', id: 'p' } },
      { actor: { type: 'user', id: 'ana', secret: 's' } },
      { actor: { type: 'user', id: 'ana', approved_by: Array(17).fill('x') } },
      { incident_id: '' },
      { grace_ms: 2_592_000_001 },
      { if_version: '7' },
      { secret: 's' },
    ],
  ],
  Result: [
    WireResult,
    aResult,
    [
      { result: 'ok' },
      { result: 'pending', poll_after_ms: 500 },
      { poll_after_ms: 3_600_001 },
      { replacement_key_id: '' },
      { status: 'unknown' },
    ],
  ],
};

describe('the published contract and the one that is checked are the same', () => {
  test.each(Object.entries(messages))('%s', (name, [schema, right, changes]) => {
    const validate = ajv.getSchema(`published#/components/schemas/${name}`)!;
    const missing = Object.keys(right).map((field) => ({ [field]: undefined }));
    for (const change of [{}, ...changes, ...missing]) {
      const message: unknown = JSON.parse(JSON.stringify({ ...right, ...change }));
      expect([message, schema.safeParse(message).success]).toEqual([message, validate(message)]);
    }
    expect(schema.safeParse(right).success).toBe(true);
  });

  test('words: actions, states, problem codes and their statuses', () => {
    expect(schemas.Action.enum).toEqual(keyActions);
    expect(schemas.Status.enum).toEqual(WireStatus.options);
    expect(schemas.Problem.properties.code.enum).toEqual(Object.keys(problemStatuses));
    const acting = published.paths['/v1/keys/{key_id}/actions'].post;
    const statuses = Object.keys(acting.responses)
      .map(Number)
      .filter((status) => status >= 400);
    expect(statuses).toEqual([...new Set(Object.values(problemStatuses))].toSorted());
    for (const [code, status] of Object.entries(problemStatuses)) {
      expect(schemas.Problem.properties.code.description).toMatch(new RegExp(`${status}[^·]* ${code}\\b`));
    }
  });

  test('operation ids', () => {
    const pattern = new RegExp(schemas.OperationId.pattern);
    for (const id of [
      'x'.repeat(15),
      'x'.repeat(16),
      'x'.repeat(255),
      'x'.repeat(256),
      `with space ${'x'.repeat(9)}`,
    ]) {
      expect(pattern.test(id)).toBe(OperationId.safeParse(id).success);
    }
  });

  test('a problem under the status of another is none', () => {
    expect(WireProblem.safeParse(aProblem).success).toBe(true);
    expect(WireProblem.safeParse({ ...aProblem, status: 409 }).success).toBe(false);
  });
});
