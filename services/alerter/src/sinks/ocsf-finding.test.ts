import { describe, expect, test } from 'vitest';
import { toAlertMessage } from '../alert/alert-message.ts';
import { sampleIncidents } from '../slack/sample-incidents.ts';
import { OcsfDetectionFinding } from '../testing/ocsf-detection-finding.ts';
import { toOcsfFinding } from './ocsf-finding.ts';

const now = Date.parse('2026-03-02T10:02:00Z');
const exported = ({ incident, key }: ReturnType<typeof sampleIncidents>[number], isFirst: boolean) =>
  JSON.parse(
    JSON.stringify(
      toOcsfFinding(toAlertMessage(incident, { key, consoleUrl: 'https://t.example' }), isFirst, now),
    ),
  ) as { status: string; is_alert: boolean; activity_name: string };

describe.each(sampleIncidents().map((sample) => [sample.name, sample] as const))('%s', (_, sample) => {
  test.each([true, false])('is a Detection Finding as OCSF has it (first: %s)', (isFirst) => {
    expect(OcsfDetectionFinding.safeParse(exported(sample, isFirst)).error?.issues ?? []).toEqual([]);
  });
});

test('who looks at it, and why it is over, stands in the words of OCSF', () => {
  const [sample] = sampleIncidents().filter(({ incident }) => incident.state === 'open');
  const as = (changes: object) =>
    exported({ ...sample!, incident: { ...sample!.incident, ...changes } }, false);
  const by = { by: 'slack:U1', name: 'alice', at: now };
  const over = (reason: string) => ({
    state: 'resolved',
    closedAt: now,
    resolution: { reason, by, into: null },
  });
  expect(as({})).toMatchObject({ status: 'New', is_alert: true });
  expect(as({ acknowledged: by }).status).toBe('In Progress');
  expect(as({ snoozed: { ...by, until: now + 1 } }).status).toBe('In Progress');
  expect(as(over('false_positive'))).toMatchObject({
    status: 'Suppressed',
    is_alert: false,
    activity_name: 'Close',
  });
  expect(as(over('true_positive_benign')).status).toBe('Suppressed');
  expect(as(over('remediated')).status).toBe('Resolved');
});
