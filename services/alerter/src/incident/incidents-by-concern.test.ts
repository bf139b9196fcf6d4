import type { Finding } from '@tripkey/contract';
import { aFinding } from '@tripkey/contract/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixedRisk } from '../testing/fixed-risk.ts';
import { createIncidentBook } from './incident-book.ts';
import type { IncidentEvent, IncidentEventBody } from './incident-event.ts';

const minuteMs = 60_000;
const start = Date.parse('2026-03-02T10:00:00.000Z');
const person = { by: 'slack:alice', by_name: 'alice', command_id: 'command-1' };

/** A book and everything that was ever written in it. */
class Story {
  book = createIncidentBook({ groups: new Map(), risk: fixedRisk, quietMs: 60 * minuteMs });
  readonly #events: IncidentEvent[] = [];

  /** A finding about a key that is enough for an incident; gives the incident that it went to. */
  find(key: string, minute: number, score = 12): string | undefined {
    const events = this.#keep(this.book.take(this.finding(key, minute, score), start + minute * minuteMs));
    return events.at(-1)?.incident_id;
  }

  finding(key: string, minute: number, score = 12): Finding {
    return aFinding({
      ...{ finding_id: `${key}-${minute}`.padStart(32, '0'), key_id: key, subject: { kind: 'key', id: key } },
      ...{ detected_at: new Date(start + minute * minuteMs).toISOString(), score, severity: 'low' },
    });
  }

  merge(from: string, into: string, minute: number): void {
    this.#record(
      from,
      { kind: 'resolved', reason: 'merged', last_finding_at: start, into, ...person },
      minute,
    );
  }

  resolve(id: string, minute: number): void {
    this.#record(
      id,
      { kind: 'resolved', reason: 'false_positive', last_finding_at: start, ...person },
      minute,
    );
  }

  reopen(id: string, minute: number): void {
    this.#record(id, { kind: 'reopened', reason: 'it goes on', ...person }, minute);
  }

  closeDue(minute: number): string[] {
    return this.#keep(this.book.closeDue(start + minute * minuteMs)).map(({ incident_id }) => incident_id);
  }

  /** The same story, to go on in another way. */
  copy(): Story {
    const story = new Story();
    story.#events.push(...this.#events);
    return story;
  }

  restart(): void {
    this.book = createIncidentBook({ groups: new Map(), risk: fixedRisk, quietMs: 60 * minuteMs });
    this.book.restore(
      this.#events.toReversed().sort((a, b) => a.seq - b.seq),
      Number.NEGATIVE_INFINITY,
    );
  }

  #record(id: string, body: IncidentEventBody, minute: number): void {
    this.#keep([this.book.record(id, body, start + minute * minuteMs)]);
  }

  #keep(events: IncidentEvent[]): IncidentEvent[] {
    this.#events.push(...events);
    return events;
  }
}

describe.each([
  ['without a restart', () => {}],
  ['after a restart', (story: Story) => story.restart()],
])('%s', (_, perhapsRestart) => {
  test('a finding about what was merged joins what it became a part of, over all merges', () => {
    const story = new Story();
    const [a, b, c] = ['key_a', 'key_b', 'key_c'].map((key, n) => story.find(key, n)!);
    story.merge(a!, b!, 5);
    story.merge(b!, c!, 6);
    perhapsRestart(story);
    expect(story.find('key_a', 10, 3)).toBe(c);
    expect(story.book.get(c!)).toMatchObject({ findingCount: 2 });
    expect(story.find('key_a', 10, 3)).toBeUndefined();
    story.resolve(c!, 12);
    perhapsRestart(story);
    expect(story.find('key_a', 13)).not.toBe(c);
  });

  test('one that was merged into the other and back is over', () => {
    const story = new Story();
    const [a, b] = ['key_a', 'key_b'].map((key, n) => story.find(key, n)!);
    story.merge(a!, b!, 5);
    story.merge(b!, a!, 6);
    perhapsRestart(story);
    expect([a, b]).not.toContain(story.find('key_a', 10));
  });

  test('an incident that is not kept here is named, while its merge is the last word', () => {
    const story = new Story();
    const a = story.find('key_a', 0)!;
    story.merge(a, 'inc_of_another', 5);
    perhapsRestart(story);
    expect(story.book.mergedElsewhere({ subject: { kind: 'key', id: 'key_a' }, keyId: 'key_a' })).toBe(
      'inc_of_another',
    );
    story.reopen(a, 6);
    expect(story.book.mergedElsewhere({ subject: { kind: 'key', id: 'key_a' }, keyId: 'key_a' })).toBeNull();
  });

  test('one that is open again beside a newer one leaves findings to it, and both end', () => {
    const story = new Story();
    const older = story.find('key_a', 0)!;
    story.resolve(older, 1);
    const newer = story.find('key_a', 2)!;
    story.reopen(older, 3);
    perhapsRestart(story);
    expect(story.find('key_a', 4, 3)).toBe(newer);
    story.resolve(newer, 5);
    expect(story.find('key_a', 6, 3)).toBe(older);
    expect(story.closeDue(65)).toEqual([]);
    expect(story.closeDue(66)).toEqual([older]);
  });
});

test('a finding that another alerter sent on is added once', () => {
  const story = new Story();
  const a = story.find('key_a', 0)!;
  const sent = story.finding('key_b', 1);
  expect(story.book.join(a, sent, start + minuteMs)).toMatchObject([
    { kind: 'finding_added', incident_id: a },
  ]);
  expect(story.book.join(a, sent, start + minuteMs)).toEqual([]);
  expect(story.book.join('inc_of_nobody', story.finding('key_b', 2), start)).toEqual([]);
});

test('a finding that another alerter sent on to what was resolved meanwhile has an incident of its own', () => {
  const story = new Story();
  const a = story.find('key_a', 0)!;
  story.resolve(a, 1);
  const sent = story.finding('key_b', 1);
  expect(story.book.join(a, sent, start + 2 * minuteMs)).toMatchObject([
    { kind: 'opened', key_id: 'key_b' },
    { kind: 'finding_added' },
  ]);
  expect(story.book.join(a, sent, start + 2 * minuteMs)).toEqual([]);
  expect(story.book.get(a)).toMatchObject({ state: 'resolved', findingCount: 1 });
});

test('whatever people merge, resolve and reopen: a finding is in one incident, and a restart changes nothing', () => {
  const key = fc.constantFrom('key_a', 'key_b', 'key_c');
  const which = fc.nat(9);
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('find' as const), key }) },
    fc.record({
      do: fc.constantFrom('resolve' as const, 'reopen' as const, 'merge' as const),
      which,
      into: which,
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const story = new Story();
      const all = () => [...story.book.incidents()];
      let findings = 0;
      steps.forEach((one, minute) => {
        if (one.do === 'find') {
          findings += 1;
          expect(story.find(one.key, minute)).toBeDefined();
          return;
        }
        const wanted = all().filter(({ state }) => (state === 'open') === (one.do !== 'reopen'));
        const { id } = wanted[one.which % wanted.length] ?? {};
        if (id === undefined) return;
        if (one.do === 'reopen') story.reopen(id, minute);
        else if (one.do === 'resolve') story.resolve(id, minute);
        else story.merge(id, all()[one.into % all().length]!.id, minute);
      });
      expect(all().reduce((sum, { findingCount }) => sum + findingCount, 0)).toBe(findings);
      const before = new Map(all().map((one) => [one.id, one]));
      const joins = () => ['key_a', 'key_b', 'key_c'].map((name) => story.find(name, 50, 3));
      const restarted = story.copy();
      restarted.restart();
      expect(new Map([...restarted.book.incidents()].map((one) => [one.id, one]))).toEqual(before);
      const after = ['key_a', 'key_b', 'key_c'].map((name) => restarted.find(name, 50, 3));
      expect(after).toEqual(joins());
    }),
  );
});
