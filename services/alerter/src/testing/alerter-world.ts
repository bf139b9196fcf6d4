import { type Finding, type KeyRecord, subjectKey, topics } from '@tripkey/contract';
import { aKey } from '@tripkey/contract/testing';
import { Metrics } from '@tripkey/service-kit';
import { ManualClock, silentLogger } from '@tripkey/service-kit/testing';
import type { Lease, Source } from '@tripkey/stream';
import { InMemoryBroker } from '@tripkey/stream/memory';
import type { Destination } from '../alert/notifier.ts';
import { type AlerterParts, alerter } from '../alerter.ts';
import { fold, type Incident } from '../incident/incident.ts';
import type { Traffic } from '../respond/traffic.ts';
import type { Judged } from '../watch/detector-watch.ts';
import { aPolicy } from './a-policy.ts';
import { FakeChannel } from './fake-channel.ts';
import { FakeIssuer } from './fake-issuer.ts';
import { fixedRisk } from './fixed-risk.ts';
import { InMemoryAuditLog } from './in-memory-audit-log.ts';
import { InMemoryCommandQueue } from './in-memory-command-queue.ts';
import { InMemoryIncidentLog } from './in-memory-incident-log.ts';
import { InMemoryKillSwitch } from './in-memory-kill-switch.ts';
import { InMemorySilenceBook } from './in-memory-silence-book.ts';

/** Everything around an alerter that outlives it, and a clock to move: alerters come and go in it. */
export class AlerterWorld {
  readonly clock = new ManualClock();
  readonly broker = new InMemoryBroker();
  readonly incidentLog = new InMemoryIncidentLog();
  readonly auditLog = new InMemoryAuditLog();
  readonly commands = new InMemoryCommandQueue();
  readonly silences = new InMemorySilenceBook();
  readonly killSwitch = new InMemoryKillSwitch();
  readonly channel = new FakeChannel();
  readonly issuer = new FakeIssuer();
  readonly metrics = new Metrics();
  readonly key: KeyRecord = aKey({ issuer: 'keys' });
  /** Requests that gateways let through: key and time. */
  readonly accepted: { keyId: string; at: number }[] = [];
  readonly stored: Finding[] = [];
  ingestBehindMs = 1000;
  /** How long a look at a key's traffic takes. */
  surveyMs = 0;
  /** How far ingest is. */
  storedUntil: () => number = () => this.clock.now() - this.ingestBehindMs;
  /** How far the detector is; null when there was never one. */
  judged: () => Judged | null = () => null;
  policy: object = { rules: [{ mode: 'act' }] };

  readonly traffic: Traffic = {
    frontier: async () => this.storedUntil(),
    activeKeys: async () => 100,
    shareOf: async () => 0,
    acceptedSince: async (keyId, sinceMs) => {
      const times = this.accepted
        .filter((one) => one.keyId === keyId && one.at > sinceMs)
        .map((one) => one.at);
      return { accepted: times.length, firstAt: Math.min(...times), lastAt: Math.max(...times) };
    },
  };

  /** Starts an alerter that dies after so many effects, or lives until it is stopped. */
  start(options: AlerterOptions = {}): RunningAlerter {
    return new RunningAlerter(this, options);
  }

  /** What the detector does with a finding. */
  async find(finding: Finding): Promise<void> {
    this.stored.push(finding);
    const record = { key: subjectKey(finding.subject), value: JSON.stringify(finding) };
    await this.broker.sink(topics.findings).send([record]);
  }

  incidents(): Incident[] {
    return [...Map.groupBy(this.incidentLog.events(), (event) => event.incident_id).values()].map(fold);
  }

  /** Moves time on, second by second, until a condition holds. @throws after `minutesMax`. */
  async drive(until: () => boolean, minutesMax = 30): Promise<void> {
    for (let second = 0; second < minutesMax * 60; second++) {
      await settle();
      if (until()) return;
      await this.clock.advance(1000);
    }
    throw new Error(`did not come about in ${minutesMax} minutes: ${until}`);
  }
}

interface AlerterOptions {
  readonly effectsMax?: number;
  readonly recover?: boolean;
  readonly quietMs?: number;
  readonly windowMs?: number;
  readonly digestAbove?: number;
  readonly others?: readonly Destination[];
}

class CrashError extends Error {}

export class RunningAlerter {
  readonly ended: Promise<void>;
  readonly #stop = new AbortController();
  readonly #effectsMax: number;
  effects = 0;

  constructor(world: AlerterWorld, options: AlerterOptions) {
    this.#effectsMax = options.effectsMax ?? Number.POSITIVE_INFINITY;
    const { clock, metrics, traffic } = world;
    const parts: AlerterParts = {
      findings: this.#mortalSource(world.broker.source(topics.findings, 'alerter')),
      incidentLog: this.#mortal(world.incidentLog, ['append']),
      auditLog: this.#mortal(world.auditLog, ['append']),
      commands: world.commands,
      silences: world.silences,
      killSwitch: world.killSwitch,
      storedFindings: async (sinceMs) => world.stored.filter((one) => Date.parse(one.detected_at) >= sinceMs),
      traffic,
      detectorState: {
        judged: async () => world.judged(),
        storedUntil: async () => world.storedUntil(),
      },
      surveyor: {
        survey: async () => {
          if (world.surveyMs > 0) await clock.sleep(world.surveyMs);
          return { chart: null, blast_radius: null };
        },
      },
      keys: { get: (keyId) => (keyId === world.key.key_id ? world.key : undefined), refresh: async () => {} },
      notifier: this.#mortal(world.channel, ['post', 'update', 'find']),
      issuers: new Map([['keys', this.#mortal(world.issuer, ['act', 'read'])]]),
      policy: aPolicy(world.policy),
      incidents: {
        groups: new Map([['volume-spike', 'volume']]),
        risk: fixedRisk,
        quietMs: options.quietMs ?? 180_000,
        ...(options.windowMs ? { windowMs: options.windowMs } : {}),
      },
      clock,
      metrics,
      log: silentLogger,
      ...(options.recover ? { recover: true } : {}),
      ...(options.digestAbove ? { digestAbove: options.digestAbove } : {}),
      ...(options.others ? { others: options.others } : {}),
    };
    this.ended = alerter(parts, this.#stop.signal).catch((error: unknown) => {
      if (!this.crashed) throw error;
    });
  }

  get crashed(): boolean {
    return this.effects > this.#effectsMax;
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('the test stops the alerter'));
    await this.ended;
  }

  /** The effect that is one too many happens, but its answer never comes; a dead process does nothing more. */
  async #effect<T>(effect: () => Promise<T>): Promise<T> {
    if (this.crashed) throw new CrashError();
    this.effects += 1;
    const result = await effect();
    if (!this.crashed) return result;
    this.#stop.abort(new CrashError());
    throw new CrashError();
  }

  #mortal<T extends object>(port: T, methods: readonly (keyof T)[]): T {
    return new Proxy(port, {
      get: (target, name) => {
        const value = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const call = (...args: unknown[]) => value.apply(target, args);
        if (!methods.includes(name as keyof T)) return call;
        return (...args: unknown[]) => this.#effect(() => call(...args));
      },
    });
  }

  #mortalSource(source: Source): Source {
    const leases = new WeakMap<Lease, Lease>();
    const mortal = (lease: Lease) => {
      const known = leases.get(lease) ?? this.#mortal(lease, ['commit']);
      leases.set(lease, known);
      return known;
    };
    return {
      run: (handler, stop) =>
        source.run(
          {
            assigned: (lease) => handler.assigned(mortal(lease)),
            records: (lease, partition, records) => handler.records(mortal(lease), partition, records),
          },
          stop,
        ),
    };
  }
}

/** Lets everything run that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
