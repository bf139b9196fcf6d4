import { aFinding } from '@tripkey/contract/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IncidentEvent, IncidentEventBody } from '../incident/incident-event.ts';
import type { IncidentLog } from '../incident-log.ts';

const start = Date.parse('2026-03-02T10:00:00.000Z');
const dayMs = 86_400_000;

/** What every incident log promises. */
export function describeIncidentLog(
  name: string,
  open: () => Promise<{ log: IncidentLog; close: () => Promise<void> }>,
): void {
  describe(name, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let incidents = 0;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.close());

    /** Events of an incident that no other test has. */
    const anIncident = (bodies: readonly IncidentEventBody[], at = start): IncidentEvent[] => {
      const incident_id = `inc_${++incidents}`;
      const subject = { kind: 'key', id: `key'\\${incidents}` } as const;
      return bodies.map((body, i) => ({ incident_id, seq: i + 1, at: at + i, subject, ...body }));
    };
    const loaded = async (incidentId: string | undefined, sinceMs: number) =>
      (await opened.log.load(sinceMs)).filter((event) => event.incident_id === incidentId);

    test('gives back what was appended, in order', async () => {
      const events = anIncident([body.opened, body.sending, body.resolved]);
      await opened.log.append(events);
      expect(await loaded(events[0]?.incident_id, start)).toEqual(events);
    });

    test('takes the same events twice and has them once', async () => {
      const events = anIncident([body.opened, body.sending]);
      await opened.log.append(events);
      await opened.log.append(events);
      await opened.log.append(events.slice(0, 1));
      expect(await loaded(events[0]?.incident_id, start)).toEqual(events);
    });

    test('gives open incidents however old, and resolved ones only of late', async () => {
      const open = anIncident([body.opened]);
      const resolved = anIncident([body.opened, body.resolved]);
      const reopened = anIncident([body.opened, body.resolved, body.notEffective]);
      await opened.log.append([...open, ...resolved, ...reopened]);
      const since = start + 30 * dayMs;
      expect(await loaded(open[0]?.incident_id, since)).toHaveLength(1);
      expect(await loaded(resolved[0]?.incident_id, since)).toHaveLength(0);
      expect(await loaded(resolved[0]?.incident_id, start)).toHaveLength(2);
      expect(await loaded(reopened[0]?.incident_id, since)).toHaveLength(3);
    });

    test('gives one incident, and nothing of one that it does not know', async () => {
      const events = anIncident([body.opened, body.sending, body.resolved]);
      await opened.log.append(events);
      expect(await opened.log.loadOne(events[0]?.incident_id ?? '')).toEqual(events);
      expect(await opened.log.loadOne('inc_of_nobody')).toEqual([]);
    });

    test('knows which findings are in an incident', async () => {
      const { evidence: _, subject: __, ...finding } = aFinding({ finding_id: 'a'.repeat(32) });
      const added = { kind: 'finding_added', finding: { ...finding, evidence: null }, score: 4 } as const;
      await opened.log.append(anIncident([body.opened, added]));
      expect([...(await opened.log.findingsIn(['a'.repeat(32), 'b'.repeat(32)]))]).toEqual(['a'.repeat(32)]);
      expect((await opened.log.findingsIn([])).size).toBe(0);
    });

    test('counts the keys that got an incident, each once', async () => {
      const at = start + 90 * dayMs;
      const [first] = anIncident([body.opened], at);
      const again = { ...first!, incident_id: 'inc_of_the_same_key', at: at + 5 };
      const gateway = {
        ...first!,
        incident_id: 'inc_of_a_gateway',
        subject: { kind: 'gateway', id: 'g' } as const,
      };
      await opened.log.append([first!, again, gateway, ...anIncident([body.opened, body.resolved], at)]);
      expect(await opened.log.oddKeysSince(at)).toBe(2);
      expect(await opened.log.oddKeysSince(at + 1)).toBe(1);
      expect(await opened.log.oddKeysSince(at + 6)).toBe(0);
    });

    test('counts the stops that the policy approved and did not call off, not those of people', async () => {
      const at = start + 5 * dayMs;
      await opened.log.append(
        anIncident(
          [
            ...[body.opened, body.approved('policy', 1), body.executing(1), body.executing(1)],
            ...[body.approved('alice', 2), body.executing(2), body.approved('policy', 3), body.expired(3)],
          ],
          at,
        ),
      );
      expect(await opened.log.automaticStopsSince(at)).toEqual([{ at: at + 2, keyId: 'key_1' }]);
      expect(await opened.log.automaticStopsSince(at + 3)).toEqual([]);
      await opened.log.append(anIncident([body.opened, body.approved('policy', 4)], at));
      expect(await opened.log.automaticStopsSince(at + 3)).toEqual([{ at: null, keyId: 'key_1' }]);
    });
  });
}

const operation_id = 'op_0123456789abcdef';
const finding = { key_id: 'key_1', account_id: 'acct', app_id: '', partition: null };
const request = { accepted: 1, first_at: start, last_at: start, key_state: 'disabled' };
const body = {
  opened: { kind: 'opened', ...finding, severity: 'high', score: 7.5 },
  sending: { kind: 'message_sending', delivery_id: 'inc:message', attempt: 1 },
  resolved: { kind: 'resolved', reason: 'quiet', last_finding_at: start },
  notEffective: { kind: 'operation_not_effective', operation_id, ...request },
  approved: (by: string, n: number) =>
    ({ kind: 'operation_approved', operation_id: `${operation_id}${n}`, by, key_id: 'key_1' }) as const,
  executing: (n: number) =>
    ({ kind: 'operation_executing', operation_id: `${operation_id}${n}`, attempt: 1 }) as const,
  expired: (n: number) =>
    ({ kind: 'operation_expired', operation_id: `${operation_id}${n}`, reason: 'x' }) as const,
} as const;
