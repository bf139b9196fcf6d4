import { expect, test } from 'vitest';
import { fold } from '../incident/incident.ts';
import type { IncidentEvent, IncidentEventBody } from '../incident/incident-event.ts';
import { responseText } from './response-text.ts';

const operation_id = 'op_0123456789abcdef0';
const opened = { key_id: 'k', account_id: '', app_id: '', severity: 'high', score: 9, partition: 0 } as const;
const enable = { action: 'enable', key_id: 'k', issuer: 'keys', mode: 'act', reason: 'it was us' } as const;

const anIncident = (...bodies: IncidentEventBody[]) =>
  fold(
    [{ kind: 'opened', ...opened } as const, ...bodies].map(
      (body, n): IncidentEvent => ({
        ...{ incident_id: 'inc_1', seq: n + 1, at: n, subject: { kind: 'key', id: 'k' } },
        ...body,
      }),
    ),
  );

test('an undo that expired is not told as one that is under way', () => {
  const incident = anIncident(
    { kind: 'operation_proposed', operation_id, ...enable },
    { kind: 'operation_approved', operation_id, by: 'slack:alice' },
    { kind: 'operation_expired', operation_id, reason: 'the approval expired after 30 min' },
  );
  expect(responseText(incident)).toBe(
    'The key could NOT be enabled again: the approval expired after 30 min.',
  );
});
