import { clickHouseIncidentLog, fold, IncidentEvent } from '@tripkey/alerter';
import { aFinding } from '@tripkey/contract/testing';
import { migrate, openStore } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stateOf } from './incident-summary.ts';

const start = Date.UTC(2026, 2, 2, 10);
const minuteMs = 60_000;
const person = { by: 'slack:U1', by_name: 'alice' };
const operation_id = 'op_0123456789abcdef';
const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;

const step = fc.oneof(
  fc.record({
    kind: fc.constant('finding' as const),
    rule: fc.integer({ min: 0, max: 3 }),
    score: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({
    kind: fc.constantFrom('acknowledged', 'resolved', 'quiet', 'reopened', 'raised', 'escalated'),
  }),
  fc.record({ kind: fc.constantFrom('snoozed', 'snooze_ended', 'silenced', 'not_effective', 'sent') }),
);

/** The log of an incident to which these things happened, a minute apart. */
function logOf(
  n: number,
  steps: readonly { kind: string; rule?: number; score?: number }[],
): IncidentEvent[] {
  const head = { incident_id: `inc_${n}`, subject: { kind: 'key', id: `key_${n}` } };
  let severity = 1;
  const bodies = steps.flatMap(({ kind, rule = 0, score = 1 }, i): object[] => {
    const command = { ...person, command_id: `command-${n}-${i}` };
    switch (kind) {
      case 'finding': {
        const { subject: _, ...finding } = aFinding({
          ...{ finding_id: `${n}-${i}`.padStart(32, '0'), rule_id: `rule-${rule}`, score },
          ...{
            severity: severities[rule]!,
            title: `rule ${rule} fired`,
            detected_at: new Date(start + i * minuteMs).toISOString(),
          },
        });
        return [{ kind: 'finding_added', finding, score: score / 2 }];
      }
      case 'raised': {
        if (severity === 4) return [];
        severity++;
        return [{ kind: 'severity_raised', from: severities[severity - 1], to: severities[severity], score }];
      }
      case 'escalated':
        severity = 4;
        return [{ kind, ...command, reason: 'worse than it looks' }];
      case 'not_effective':
        severity = 4;
        return [
          {
            kind: 'operation_not_effective',
            operation_id,
            accepted: 3,
            first_at: start,
            last_at: start,
            key_state: 'disabled',
          },
        ];
      case 'resolved':
        return [{ kind, ...command, reason: 'false_positive', last_finding_at: start }];
      case 'quiet':
        return [{ kind: 'resolved', reason: 'quiet', last_finding_at: start }];
      case 'reopened':
        return [{ kind, ...command, reason: 'it goes on' }];
      case 'snoozed':
        return [{ kind, ...command, until: start + (i % 2 === 0 ? 100 * 365 * 86_400_000 : i) }];
      case 'silenced':
        return [{ kind, silence_id: 'sil_12345678', until: start }];
      case 'sent':
        return [{ kind: 'message_sent', delivery_id: 'd', channel: 'C1', ts: '1.2', content: 'x' }];
      default:
        return kind === 'acknowledged' ? [{ kind, ...command }] : [{ kind }];
    }
  });
  const opened = {
    kind: 'opened',
    key_id: `key_${n}`,
    account_id: 'a',
    app_id: 'b',
    severity: 'low',
    score: 4,
    partition: 0,
  };
  return [opened, ...bodies].map((body, i) =>
    IncidentEvent.parse({ ...head, seq: i + 1, at: start + i * minuteMs, ...body }),
  );
}

test('the view incidents says what the fold of the log says, whatever happened', async () => {
  const config = clickHouseConfig();
  await migrate(config);
  await using store = openStore(config);
  const logs = fc
    .sample(fc.array(step, { maxLength: 14 }), { numRuns: 300, seed: 1 })
    .map((steps, n) => logOf(n, steps));
  await clickHouseIncidentLog(store).append(logs.flat());
  // Twice, as after an attempt whose answer was lost: until they are merged both are there.
  await store.command('INSERT INTO incident_events_v1 SELECT * FROM incident_events_v1 WHERE seq % 2 = 0');
  const answer = await store.client.query({
    query: `SELECT incident_id, state, severity, score, rules, toUnixTimestamp64Milli(opened_at) AS opened_at,
        toUnixTimestamp64Milli(last_finding_at) AS last_finding_at, toUnixTimestamp64Milli(closed_at) AS closed_at,
        findings, acknowledged_by, toUnixTimestamp64Milli(snoozed_until) AS snoozed_until, resolution, resolved_by, silenced,
        told_at IS NOT NULL AS told
      FROM incidents`,
    format: 'JSONEachRow',
  });
  const rows = (await answer.json()) as { incident_id: string }[];
  const byId = new Map(rows.map((row) => [row.incident_id, row]));
  for (const log of logs) {
    const incident = fold(log);
    expect(byId.get(incident.id), JSON.stringify(log.map(({ kind }) => kind))).toEqual({
      incident_id: incident.id,
      state: stateOf(incident, Date.now()),
      severity: incident.severity,
      score: incident.score,
      rules: incident.rules.map(({ ruleId }) => ruleId).toSorted(),
      opened_at: incident.openedAt,
      last_finding_at: incident.lastFindingAt,
      closed_at: incident.closedAt,
      findings: incident.findingCount,
      acknowledged_by: incident.acknowledged?.by ?? '',
      snoozed_until: incident.snoozed?.until ?? null,
      resolution: incident.resolution?.reason ?? '',
      resolved_by: incident.resolution?.by?.by ?? '',
      silenced: incident.silencedBy === null ? 0 : 1,
      told: log.some(({ kind }) => kind === 'message_sent') ? 1 : 0,
    });
  }
});
