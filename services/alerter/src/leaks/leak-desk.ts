import { createHash } from 'node:crypto';
import { type Finding, type KeyRecord, lineageOf, subjectKey } from '@tripkey/contract';
import { leakReported } from '@tripkey/rules';
import { type Clock, type Logger, secretFingerprint } from '@tripkey/service-kit';
import { findingToRow, knownLeakReports, type Store } from '@tripkey/store';
import type { Sink } from '@tripkey/stream';
import type { LeakMetrics } from './leak-metrics.ts';
import type { LeakFeed, ReportedSecret } from './reported-secret.ts';

/** Keys by the fingerprints of their secrets. */
export interface SecretDirectory {
  bySecret(fingerprint: string): KeyRecord | undefined;
  /** Whether a secret that is not found belongs to no key for certain. */
  readonly everySecretKnown: boolean;
  refresh(): Promise<void>;
}

export interface LeakDeskParts {
  readonly store: Pick<Store, 'ask' | 'insert'>;
  /** The findings topic. */
  readonly findings: Sink;
  readonly secrets: SecretDirectory;
  /** Secret of this installation, as ingest has it. */
  readonly pepper: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: LeakMetrics;
}

/** What became of one report: it is a key's, it is none's for certain, or nobody can tell. */
export type Match = 'key' | 'no_key' | 'cannot_tell';

interface Taken {
  readonly id: string;
  readonly report: ReportedSecret;
  readonly fingerprint: string;
  readonly key: KeyRecord | undefined;
}

/**
 * Takes reports whose senders were checked, and makes findings of those about our keys.
 *
 * Effects, in order; a crash or an error after any of them lets the feed send the same again:
 *   1. the finding into `findings_v1` (again: the same row by its token)
 *   2. the finding into the topic (again: known to the incident by its id)
 *   3. the report into `leak_reports_v1`: from now on the same report changes nothing
 */
export class LeakDesk {
  readonly #parts: LeakDeskParts;

  constructor(parts: LeakDeskParts) {
    this.#parts = parts;
  }

  /**
   * @returns what became of each report, in their order
   * @throws what store and topic throw; nothing of it may have been kept then
   */
  async take(feed: LeakFeed, reports: readonly ReportedSecret[]): Promise<Match[]> {
    if (reports.length === 0) return [];
    const { store, secrets, metrics, log, clock } = this.#parts;
    let taken = reports.map((report) => this.#match(feed, report));
    if (taken.some(({ key }) => !key)) {
      // It may be the secret of a key that is younger than what we know.
      await secrets.refresh();
      taken = taken.map((one) => (one.key ? one : this.#match(feed, one.report)));
    }
    const ids = [...new Set(taken.map(({ id }) => id))];
    const known = new Set(
      (await store.ask(knownLeakReports, { report_ids: ids })).map((row) => row.report_id),
    );
    const fresh = [...new Map(taken.filter(({ id }) => !known.has(id)).map((one) => [one.id, one])).values()];
    const now = clock.now();
    const findings = new Map(
      fresh.flatMap((one) => (one.key ? [[one.id, toFinding(feed, one, one.key, now)] as const] : [])),
    );
    await this.#tell([...findings.values()]);
    await this.#keep(feed, fresh, findings, now); // 3

    const count = (result: 'matched' | 'unmatched' | 'repeated', amount: number) =>
      metrics.reports.inc({ feed, result }, amount);
    count('matched', findings.size);
    count('unmatched', fresh.length - findings.size);
    count('repeated', taken.length - fresh.length);
    for (const { key, fingerprint } of fresh) {
      const about = key ? { keyId: key.key_id } : { fingerprint };
      log.warn(
        { feed, ...about },
        key ? 'the secret of a key was reported' : 'a secret of no known key was reported',
      );
    }
    return taken.map(({ key }) => (key ? 'key' : secrets.everySecretKnown ? 'no_key' : 'cannot_tell'));
  }

  #match(feed: LeakFeed, report: ReportedSecret): Taken {
    const { secrets, pepper } = this.#parts;
    const fingerprints = report.hashes.map((hash) => secretFingerprint(pepper, hash));
    const found = fingerprints.find((one) => secrets.bySecret(one));
    const fingerprint = found ?? fingerprints[0] ?? '';
    const key = found === undefined ? undefined : secrets.bySecret(found);
    const name = [feed, fingerprint, report.place, key?.key_id ?? ''];
    return { id: hashOf(name), report, fingerprint, key };
  }

  async #tell(findings: readonly Finding[]): Promise<void> {
    if (findings.length === 0) return;
    const token = `leak-findings:${hashOf(findings.map(({ finding_id: id }) => id))}`;
    await this.#parts.store.insert('findings_v1', findings.map(findingToRow), token); // 1
    await this.#parts.findings.send(
      findings.map((finding) => ({ key: subjectKey(finding.subject), value: JSON.stringify(finding) })),
    ); // 2
  }

  async #keep(
    feed: LeakFeed,
    taken: readonly Taken[],
    findings: ReadonlyMap<string, Finding>,
    now: number,
  ): Promise<void> {
    const rows = taken.map(({ id, report, fingerprint, key }) => ({
      report_id: id,
      reported_at: now,
      feed,
      fingerprint,
      secret_type: report.type,
      place: report.place,
      key_id: key?.key_id ?? '',
      finding_id: findings.get(id)?.finding_id ?? '',
    }));
    await this.#parts.store.insert(
      'leak_reports_v1',
      rows,
      `leak-reports:${hashOf(taken.map(({ id }) => id))}`,
    );
  }
}

function toFinding(feed: LeakFeed, { id, report }: Taken, key: KeyRecord, now: number): Finding {
  const { type: secretType, place } = report;
  const verdict = leakReported.evaluate({ key, feed, secretType, place, reportedAt: now }, {});
  if (verdict.kind !== 'fire') throw new Error('a report about a key always fires');
  const subject = { kind: 'key', id: lineageOf(key) } as const;
  const at = new Date(now).toISOString();
  return {
    finding_id: hashOf([leakReported.id, leakReported.version, subjectKey(subject), id]),
    rule_id: leakReported.id,
    rule_version: leakReported.version,
    title: leakReported.title,
    subject,
    key_id: key.key_id,
    account_id: key.account_id ?? '',
    app_id: key.app_id ?? '',
    window_from: at,
    window_to: at,
    detected_at: at,
    score: verdict.score,
    severity: verdict.severity,
    evidence: {
      observed: verdict.observed,
      expected: verdict.expected,
      params: {},
      samples: verdict.samples ?? [],
    },
  };
}

/** 128 bits of it, hex. */
function hashOf(name: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(name)).digest('hex').slice(0, 32);
}
