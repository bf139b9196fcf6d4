import { createHash } from 'node:crypto';
import { type Finding, severities, severityRank } from '@tripkey/contract';
import { aFinding } from '@tripkey/contract/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixedRisk } from '../testing/fixed-risk.ts';
import { toAlertLine } from './alert-line.ts';
import { fold } from './incident.ts';
import { createIncidentBook, type IncidentBookOptions } from './incident-book.ts';
import type { IncidentEvent } from './incident-event.ts';

const minuteMs = 60_000;
const start = Date.parse('2026-03-02T10:00:00.000Z');
const groups = new Map([
  ['volume-spike', 'volume'],
  ['new-network', 'source'],
  ['first-use-of-endpoint', 'endpoints'],
]);

const aBook = (changes: Partial<IncidentBookOptions> = {}) =>
  createIncidentBook({ groups, risk: fixedRisk, quietMs: 3_600_000, ...changes });

/** A finding of a minute after the start; its id is made of what tells it apart. */
function found(minute: number, changes: Partial<Finding> = {}): Finding {
  const finding = aFinding({ score: 4, severity: 'low', ...changes });
  const detected_at = new Date(start + minute * minuteMs).toISOString();
  const id = createHash('sha256').update(JSON.stringify([detected_at, finding.rule_id, finding.subject]));
  return { ...finding, detected_at, finding_id: id.digest('hex').slice(0, 32) };
}

const take = (book: ReturnType<typeof aBook>, finding: Finding) =>
  book.take(finding, Date.parse(finding.detected_at));
const kinds = (events: readonly IncidentEvent[]) => events.map((event) => event.kind);
const only = (book: ReturnType<typeof aBook>) => [...book.incidents()][0]!;

describe('opening', () => {
  test('a weak finding alone opens nothing, however often it comes', () => {
    const book = aBook();
    for (let minute = 0; minute < 120; minute++) expect(take(book, found(minute))).toEqual([]);
  });

  test('weak findings of two kinds add up, and the incident holds both', () => {
    const book = aBook();
    take(book, found(0));
    const events = take(book, found(30, { rule_id: 'new-network' }));
    expect(kinds(events)).toEqual(['opened', 'finding_added', 'finding_added']);
    expect(
      only(book)
        .rules.map((rule) => rule.ruleId)
        .sort(),
    ).toEqual(['new-network', 'volume-spike']);
    expect(only(book).openedAt).toBe(start + 30 * minuteMs);
  });

  test('findings more than a window apart do not add up', () => {
    const book = aBook({ windowMs: 60 * minuteMs });
    take(book, found(0));
    expect(take(book, found(61, { rule_id: 'new-network' }))).toEqual([]);
  });

  test('findings of two subjects do not add up', () => {
    const book = aBook();
    take(book, found(0));
    const other = { rule_id: 'new-network', subject: { kind: 'key', id: 'key_crm_1' } } as const;
    expect(take(book, found(1, other))).toEqual([]);
  });

  test('findings of two keys of one lineage do not add up, and each key has an incident of its own', () => {
    const book = aBook();
    const of = (key_id: string, rule_id: string, score: number): Partial<Finding> => ({
      ...{ key_id, rule_id, score },
      subject: { kind: 'key', id: 'key_forms_1' },
    });
    take(book, found(0, of('key_forms_1', 'volume-spike', 4)));
    expect(take(book, found(1, of('key_forms_2', 'new-network', 4)))).toEqual([]);
    take(book, found(2, of('key_forms_1', 'new-network', 12)));
    take(book, found(3, of('key_forms_2', 'volume-spike', 12)));
    const all = [...book.incidents()];
    expect(all.map(({ keyId, findingCount }) => [keyId, findingCount])).toEqual([
      ['key_forms_1', 2],
      ['key_forms_2', 2],
    ]);
    expect(all.map(({ hasOtherKeys }) => hasOtherKeys)).toEqual([false, false]);
  });

  test('equal findings in equal order give equal events', () => {
    const events = () => [found(0, { score: 7 }), found(1, { score: 12 })].flatMap((f) => take(aBook(), f));
    expect(events()).toEqual(events());
  });

  test('what a detector tells days later, when it catches up, adds up as it would have in time', () => {
    const late = start + 3 * 24 * 60 * minuteMs;
    const book = aBook();
    book.closeDue(late);
    expect(book.take(found(0, { rule_id: 'new-network' }), late)).toEqual([]);
    book.closeDue(late + 60 * minuteMs);
    const [opened] = book.take(found(10), late + 60 * minuteMs);
    expect(opened).toMatchObject({ kind: 'opened', at: late + 60 * minuteMs });
    expect(book.take(found(10), late + 61 * minuteMs)).toEqual([]);
  });

  test('what was remembered from before a restart opens when its record comes', () => {
    const book = aBook();
    const finding = found(0, { score: 12 });
    book.remember(finding);
    expect(kinds(take(book, finding))).toEqual(['opened', 'finding_added']);
  });
});

describe('an open incident', () => {
  test('joins what comes within the quiet time and counts it', () => {
    const book = aBook();
    take(book, found(0, { score: 7 }));
    expect(kinds(take(book, found(5, { score: 3 })))).toEqual(['finding_added']);
    expect(only(book)).toMatchObject({ findingCount: 2, score: 7, severity: 'medium' });
  });

  test('counts the windows in which it was odd, whichever rules said so, and not those of mere advice', () => {
    const book = aBook();
    const ends = (minute: number) => ({ window_to: new Date(start + minute * minuteMs).toISOString() });
    take(book, found(0, { score: 7, ...ends(0) }));
    take(book, found(1, { rule_id: 'new-network', ...ends(0) }));
    expect(only(book)).toMatchObject({ findingCount: 2, windowEnds: [start] });
    take(book, found(2, ends(2)));
    expect(only(book).windowEnds).toHaveLength(2);
    take(book, found(3, { rule_id: 'rotation-overdue', score: 0, ...ends(3) }));
    expect(only(book)).toMatchObject({ findingCount: 4, windowEnds: [start, start + 2 * minuteMs] });
  });

  test('keeps evidence in the log only of what tells more', () => {
    const book = aBook();
    take(book, found(0, { score: 7 }));
    const evidenceOf = (events: IncidentEvent[]) =>
      events.map((event) => event.kind === 'finding_added' && event.finding.evidence !== null);
    expect(evidenceOf(take(book, found(1, { score: 6 })))).toEqual([false]);
    expect(evidenceOf(take(book, found(2, { score: 8 })))).toEqual([true]);
    expect(only(book).rules[0]).toMatchObject({ count: 3, score: 8 });
  });

  test('says when its severity rises', () => {
    const book = aBook();
    take(book, found(0, { score: 7 }));
    const events = take(book, found(5, { rule_id: 'new-network', score: 8 }));
    expect(events.at(-1)).toMatchObject({ kind: 'severity_raised', from: 'medium', to: 'critical' });
  });

  test('is resolved after the quiet time, and a later finding opens another', () => {
    const book = aBook();
    take(book, found(0, { score: 7 }));
    expect(book.closeDue(start + 59 * minuteMs)).toEqual([]);
    expect(kinds(book.closeDue(start + 60 * minuteMs))).toEqual(['resolved']);
    expect(only(book)).toMatchObject({ state: 'resolved', closedAt: start + 60 * minuteMs });
    expect(take(book, found(61, { score: 3 }))).toEqual([]);
    const [opened] = take(book, found(62, { rule_id: 'new-network', score: 7 }));
    expect(opened?.incident_id).not.toBe(only(book).id);
  });

  test('is not resolved while its key is being stopped, nor when that did not work', () => {
    const book = aBook();
    take(book, found(0, { score: 12 }));
    const { id } = only(book);
    const operation_id = 'op_0123456789abcdef';
    const key = { key_id: 'key_forms_1', issuer: 'keys' };
    const operation = { operation_id, action: 'disable', ...key, mode: 'act', reason: 'r' } as const;
    book.record(id, { kind: 'operation_proposed', ...operation }, start);
    book.record(id, { kind: 'operation_approved', operation_id, by: 'policy' }, start);
    expect(book.closeDue(start + 600 * minuteMs)).toEqual([]);
  });

  test('silence while nobody listened is not quiet', () => {
    const first = aBook();
    const events = take(first, found(0, { score: 7 }));
    const book = aBook();
    book.restore(events, start + 120 * minuteMs);
    expect(book.closeDue(start + 121 * minuteMs)).toEqual([]);
    expect(kinds(book.closeDue(start + 180 * minuteMs))).toEqual(['resolved']);
  });
});

test('after a restart incidents stand oldest first, in whatever order the log gives them', () => {
  const first = aBook();
  const older = take(first, found(0, { score: 7 }));
  const newer = take(first, found(10, { score: 7, subject: { kind: 'key', id: 'key_other' } }));
  const book = aBook();
  book.restore([...newer, ...older], Number.NEGATIVE_INFINITY);
  expect([...book.incidents()].map(({ id }) => id)).toEqual([older[0]?.incident_id, newer[0]?.incident_id]);
});

test('after a restart findings join the open incident, not one that was resolved before it', () => {
  const first = aBook();
  const resolved = [...take(first, found(0, { score: 7 })), ...first.closeDue(start + 60 * minuteMs)];
  const open = take(first, found(70, { score: 7, rule_id: 'new-network' }));
  for (const events of [
    [...resolved, ...open],
    [...open, ...resolved],
  ]) {
    const book = aBook();
    book.restore(events, Number.NEGATIVE_INFINITY);
    expect(take(book, found(71))[0]).toMatchObject({
      kind: 'finding_added',
      incident_id: open[0]?.incident_id,
    });
  }
});

test('the alert line names what was seen, worst first', () => {
  const book = aBook();
  take(book, found(0, { score: 4 }));
  take(book, found(1, { rule_id: 'new-network', score: 5, severity: 'medium' }));
  expect(toAlertLine(only(book))).toMatchObject({
    incident_id: only(book).id,
    key_id: 'key_forms_1',
    subject: 'key:key_forms_1',
    opened_at: '2026-03-02T10:01:00.000Z',
    closed_at: null,
    rules: ['new-network', 'volume-spike'],
  });
});

test('pending findings are bounded, and what is dropped is counted', () => {
  let evicted = 0;
  const book = aBook({
    pendingMax: 3,
    onIgnored: (reason) => (evicted += Number(reason === 'pending_evicted')),
  });
  for (let key = 0; key < 10; key++) {
    take(book, found(key, { subject: { kind: 'key', id: `key_${key}` } }));
  }
  expect(evicted).toBe(7);
});

describe('laws', () => {
  const anyFinding = fc
    .record({
      minute: fc.integer({ min: 0, max: 600 }),
      rule_id: fc.constantFrom('volume-spike', 'new-network', 'first-use-of-endpoint'),
      score: fc.integer({ min: 0, max: 20 }),
      severity: fc.constantFrom(...severities),
      subject: fc.constantFrom('a', 'b').map((id) => ({ kind: 'key' as const, id })),
    })
    .map(({ minute, ...changes }) => found(minute, changes));
  const history = fc
    .uniqueArray(anyFinding, { selector: (finding) => finding.finding_id, maxLength: 40 })
    .map((all) => all.sort((a, b) => a.detected_at.localeCompare(b.detected_at)));

  const run = (findings: readonly Finding[], book = aBook()) => {
    const events = findings.flatMap((finding) => [
      ...book.closeDue(Date.parse(finding.detected_at)),
      ...take(book, finding),
    ]);
    return { book, events };
  };

  test('an incident is the fold of its events', () => {
    fc.assert(
      fc.property(history, (findings) => {
        const { book, events } = run(findings);
        const byIncident = Map.groupBy(events, (event) => event.incident_id);
        for (const incident of book.incidents()) expect(fold(byIncident.get(incident.id)!)).toEqual(incident);
      }),
    );
  });

  test('every finding twice gives the same incidents', () => {
    fc.assert(
      fc.property(history, (findings) => {
        expect(run(findings.flatMap((finding) => [finding, finding])).events).toEqual(run(findings).events);
      }),
    );
  });

  test('severity is never lowered', () => {
    fc.assert(
      fc.property(history, (findings) => {
        for (const event of run(findings).events) {
          if (event.kind !== 'severity_raised') continue;
          expect(severityRank(event.to)).toBeGreaterThan(severityRank(event.from));
        }
      }),
    );
  });

  test('a restart between any two findings changes nothing', () => {
    fc.assert(
      fc.property(history, fc.nat(40), (findings, at) => {
        const before = run(findings.slice(0, at));
        const book = aBook();
        book.restore(before.events, Number.NEGATIVE_INFINITY);
        for (const finding of findings.slice(0, at)) book.remember(finding);
        const after = run(findings.slice(at), book);
        expect([...before.events, ...after.events]).toEqual(run(findings).events);
      }),
    );
  });
});
