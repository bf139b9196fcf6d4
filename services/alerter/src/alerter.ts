import { Finding, type KeyRecord } from '@tripkey/contract';
import type { KeyIssuer } from '@tripkey/issuers';
import { type Clock, type Logger, type Metrics, repeat, retry } from '@tripkey/service-kit';
import { type Lease, LeaseLostError, type Source, type StreamRecord } from '@tripkey/stream';
import type { DeliveryPacing, Destination, Notifier } from './alert/notifier.ts';
import { type AlerterMetrics, alerterMetrics } from './alerter-metrics.ts';
import type { AuditLog } from './audit/audit-log.ts';
import type { IncidentBookOptions } from './incident/incident-book.ts';
import type { IncidentLog } from './incident-log.ts';
import type { CommandQueue } from './people/command-queue.ts';
import type { EscalationSettings } from './people/escalation.ts';
import type { Silence, SilenceBook } from './people/silence.ts';
import type { KillSwitch } from './respond/kill-switch.ts';
import type { ResponsePolicy } from './respond/policy.ts';
import type { ProofSettings } from './respond/proof.ts';
import type { Traffic } from './respond/traffic.ts';
import type { Surveyor } from './survey/surveyor.ts';
import {
  type DetectorState,
  DetectorWatch,
  DetectorWatchSettings,
  watchEveryMs,
  watchPartition,
} from './watch/detector-watch.ts';
import { openWork, take, type Work } from './work.ts';

export interface AlerterParts {
  /** The findings topic. */
  readonly findings: Source;
  readonly incidentLog: IncidentLog;
  readonly auditLog: AuditLog;
  /** What people want done. */
  readonly commands: CommandQueue;
  readonly silences: SilenceBook;
  /** Turns off all that happens without a person. */
  readonly killSwitch: KillSwitch;
  /** Findings stored at or after a time, in the order of detection. */
  readonly storedFindings: (sinceMs: number) => Promise<Finding[]>;
  readonly traffic: Traffic;
  readonly surveyor: Surveyor;
  readonly detectorState: DetectorState;
  readonly detectorWatch?: DetectorWatchSettings;
  readonly keys: KeyDirectory;
  /** Where people talk about incidents. */
  readonly notifier: Notifier;
  /** Who is told besides: webhooks, mail. One that does not answer holds up no other. */
  readonly others?: readonly Destination[];
  readonly issuers: ReadonlyMap<string, KeyIssuer>;
  readonly policy: ResponsePolicy;
  readonly incidents: Omit<IncidentBookOptions, 'onIgnored'>;
  readonly proof?: ProofSettings;
  readonly escalation?: EscalationSettings;
  readonly consoleUrl?: string | null;
  /** New incidents within a minute that are told one by one; 10 by default. */
  readonly digestAbove?: number;
  /** How much the notifier's destination takes; Slack's own limits by default. */
  readonly pacing?: DeliveryPacing;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Take what is stored and not yet in the log as if it came by the topic: for a broker that forgets. */
  readonly recover?: boolean;
}

/** What issuers said about keys. */
export interface KeyDirectory {
  get(keyId: string): KeyRecord | undefined;
  refresh(): Promise<void>;
}

const stepEveryMs = 1_000;
/** How often it is looked whether people are to be told something. */
const deliverEveryMs = 500;
const refreshEveryMs = 10_000;

/**
 * Makes incidents of findings, tells people, and stops keys where the policy says so, until `stop` aborts.
 *
 * All it knows is the fold of the incident log, so it can die anywhere:
 *   1. a finding's events go into the log (a crash before it: the finding comes again, and is known by its id)
 *   2. the finding's offset is committed (a crash before it: the finding comes again and changes nothing)
 *   3. messages, operations and resolutions follow from the log; see `Deliverer`, `Execution` and `Proof`
 * @throws what the findings source could not overcome, or a gap in the log.
 */
export async function alerter(parts: AlerterParts, stop: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([stop, ended.signal]);
  const failed = Promise.withResolvers<void>();
  const session = new Session(parts, alerterMetrics(parts.metrics), signal, failed.reject);
  signal.addEventListener('abort', () => failed.resolve(), { once: true });
  const every = (ms: number, work: () => Promise<void>) =>
    repeat(ms, () => (signal.aborted ? Promise.resolve() : work()), parts.clock, signal);
  const endsAll = async (work: Promise<void>) => {
    try {
      await work;
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      ended.abort(new Error('the alerter ended'));
    }
  };
  const ends = await Promise.allSettled([
    endsAll(failed.promise),
    endsAll(parts.findings.run(session, signal)),
    ...[null, ...(parts.others ?? [])].map((_, n) =>
      endsAll(every(deliverEveryMs, () => session.deliver(n))),
    ),
    endsAll(every(stepEveryMs, () => session.command())),
    endsAll(every(stepEveryMs, () => session.respond())),
    endsAll(every(stepEveryMs, () => session.resolve())),
    endsAll(every(refreshEveryMs, () => session.refresh())),
    endsAll(every(watchEveryMs(session.watchSettings), () => session.watch())),
  ]);
  const first = ends.find((end) => end.status === 'rejected');
  if (first) throw first.reason;
}

/** What is done under one lease after the other; a new lease starts from the log. */
class Session {
  readonly #parts: AlerterParts;
  readonly #metrics: AlerterMetrics;
  readonly #signal: AbortSignal;
  readonly #fail: (error: unknown) => void;
  #work: Work | null = null;
  #silences: readonly Silence[] = [];
  readonly #watch: DetectorWatch;
  readonly watchSettings: DetectorWatchSettings;

  constructor(
    parts: AlerterParts,
    metrics: AlerterMetrics,
    signal: AbortSignal,
    fail: (error: unknown) => void,
  ) {
    this.#parts = parts;
    this.#metrics = metrics;
    this.#signal = signal;
    this.#fail = fail;
    const { detectorState: state, clock, log } = parts;
    this.watchSettings = parts.detectorWatch ?? DetectorWatchSettings.parse({});
    this.#watch = new DetectorWatch({
      ...{ state, clock, log, metrics, settings: this.watchSettings },
      take: (finding) => this.#takeOwn(finding),
    });
  }

  /** Looks after the detector, where this is the alerter to do it. */
  async watch(): Promise<void> {
    if (this.#work?.lease.partitions.includes(watchPartition)) await this.#watch.step();
  }

  /** A finding of our own, known by its id like those of the detector. */
  async #takeOwn(finding: Finding): Promise<void> {
    const work = this.#work;
    if (!work?.lease.held) return;
    await work.guard(take(this.#parts, this.#metrics, work.journal, [finding], watchPartition, work.signal));
  }

  /** Ends what is under way, so that its last write is in the log before the next owner reads it. */
  async revoked(): Promise<void> {
    const work = this.#work;
    work?.end.abort(new Error('the partitions were given away'));
    await work?.journal.settled();
  }

  async assigned(lease: Lease): Promise<void> {
    await this.revoked();
    this.#work = null;
    const open = async () => {
      this.#silences = await this.#parts.silences.since(this.#parts.clock.now());
      return openWork(this.#parts, this.#metrics, lease, () => this.#silences, this.#signal);
    };
    this.#work = await retry(open, {
      clock: this.#parts.clock,
      signal: this.#signal,
      onRetry: (err, attempt, waitMs) =>
        this.#parts.log.warn({ err, attempt, waitMs }, 'cannot load the incidents, trying again'),
    });
  }

  /** Queues a batch and returns, so that a log that does not answer cannot stop the group's heartbeat. */
  async records(lease: Lease, partition: number, records: readonly StreamRecord[]): Promise<void> {
    const work = this.#work;
    if (work?.lease !== lease || records.length === 0) return;
    lease.pause(partition);
    const taken = work.guard(work.intake.then(() => this.#takeIn(work, partition, records)));
    work.intake = taken;
    taken.catch(this.#fail);
  }

  async #takeIn(work: Work, partition: number, records: readonly StreamRecord[]): Promise<void> {
    const findings = records.flatMap((record) => this.#read(record, partition));
    this.#metrics.findings.inc(findings.length);
    await take(this.#parts, this.#metrics, work.journal, findings, partition, work.signal); // 1
    await retry(() => work.lease.commit(partition, records.at(-1)!.offset + 1n), {
      clock: this.#parts.clock,
      signal: work.signal,
      worthRetry: (error) => !(error instanceof LeaseLostError),
    }); // 2
    if (work.lease.held) work.lease.resume(partition);
  }

  /** @param n place of the destination: the notifier, then the others */
  async deliver(n: number): Promise<void> {
    const work = this.#work;
    if (work?.lease.held) await work.guard(work.deliverers[n]!.step(work.signal));
  }

  async command(): Promise<void> {
    if (this.#work?.lease.held) await this.#work.guard(this.#work.commands.step(this.#work.signal));
  }

  async respond(): Promise<void> {
    if (this.#work?.lease.held) await this.#work.guard(this.#work.responder.step(this.#work.signal));
  }

  async resolve(): Promise<void> {
    const work = this.#work;
    if (!work?.lease.held) return;
    await work.guard(work.journal.closeDue());
    await work.guard(work.escalation.step(work.signal));
    this.#metrics.open.set(work.journal.incidents().filter((one) => one.state === 'open').length);
  }

  async refresh(): Promise<void> {
    await this.#parts.keys.refresh().catch((err: unknown) => {
      this.#parts.log.warn({ err }, 'cannot read the key registry, going on with what is known');
    });
    try {
      this.#silences = await this.#parts.silences.since(this.#parts.clock.now());
    } catch (err) {
      this.#parts.log.warn({ err }, 'cannot read the silences, going on with what is known');
    }
  }

  #read(record: StreamRecord, partition: number): Finding[] {
    try {
      return [Finding.parse(JSON.parse(new TextDecoder().decode(record.value ?? new Uint8Array())))];
    } catch (err) {
      this.#metrics.ignored.inc({ reason: 'unreadable' });
      const at = { partition, offset: String(record.offset) };
      this.#parts.log.error(
        { ...at, reason: String(err).slice(0, 300) },
        'a finding cannot be read, left out',
      );
      return [];
    }
  }
}
