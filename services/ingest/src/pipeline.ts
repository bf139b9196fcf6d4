import type { Metrics } from '@tripkey/service-kit';
import type { RequestRow } from '@tripkey/store';
import { type DeadLetter, deadLetter, redactElement, redactText } from './dead-letter.ts';
import { elementsPerMessageMax, visitElements } from './elements.ts';
import type { Enricher } from './enrich/enricher.ts';
import { futureMsMax, readEventTime } from './event-time.ts';
import { createSecretFirewall, type LeakKind } from './firewall/secret-firewall.ts';
import type { RecordHeaders, SecretsOfFormat } from './formats/gateway-format.ts';
import type { Mapping } from './formats/mapping.ts';
import { unpackOtlpExport } from './formats/otlp-export.ts';
import { createFormatReader, type FormatName, type FormatReader } from './formats/read-format.ts';
import { limitRoutes } from './limit-routes.ts';
import { pipelineMetrics } from './pipeline-metrics.ts';
import { PlainReader } from './plain/plain-reader.ts';
import type { Arrival, Position } from './position.ts';
import { RecentValues } from './recent-values.ts';
import { type KnownKeys, type SafeAgent, toRow } from './to-row.ts';
import { type Rejection, validate } from './validate.ts';

/** A gateway sent what looks like a secret. Names where, never what. */
export interface Leak {
  readonly gateway: string;
  readonly field: string;
  readonly kind: LeakKind;
  /** The key id as stored. */
  readonly keyId: string;
  /** Epoch ms. */
  readonly arrivedAtMs: number;
  readonly position: Position;
}

export interface PipelineParts {
  readonly enrich: Enricher;
  /** Account and application of keys whose events do not say; its ids are public. */
  readonly registry: KnownKeys;
  /** Secret of this installation, at least 16 bytes; replaced secrets stay comparable as long as it is kept. */
  readonly pepper: string | Uint8Array;
  readonly metrics: Metrics;
  readonly onLeak?: (leak: Leak) => void;
  /** Older events are rejected: each day is a partition of the store, and one insert opens few. Default 400. */
  readonly ageDaysMax?: number;
  /** How gateways write events, unless `formats` says something else for a topic. Default `auto`. */
  readonly format?: FormatName;
  readonly formats?: Readonly<Record<string, FormatName>>;
  /** Where the format `mapping` finds the fields. */
  readonly mapping?: Mapping;
  /** Different routes that one service may have. Default 2,000. */
  readonly routesMax?: number;
}

/** Where the rows and dead letters of a message go; both grow by what is pushed. */
export interface TakenInto {
  readonly rows: { push(row: RequestRow): unknown };
  readonly deadLetters: DeadLetter[];
}

/** What became of a message: every element is exactly one row or one dead letter. */
export interface Taken extends TakenInto {
  readonly rows: RequestRow[];
  readonly deadLetters: DeadLetter[];
}

/** From the bytes of a message to rows: read, check, enrich, take secrets out. Never throws. */
export interface Pipeline {
  /**
   * @param arrivedAtMs when ingest took the message in, epoch ms; must not fall along a partition
   * @param headers of the record, names in small letters; some formats are told by them
   */
  take(message: Uint8Array, position: Position, arrivedAtMs: number, headers?: RecordHeaders): Taken;
  /** The same for history, whose elements each have an arrival of their own; adds to `into`. */
  takeInto(
    message: Uint8Array | string,
    position: Position,
    arrivedAt: (element: unknown) => number,
    into: TakenInto,
  ): void;
  /** The same for one element that is already parsed; its row or dead letter is added to `into`. */
  takeElement(element: unknown, arrival: Arrival, into: TakenInto): void;
  /** The fast way for records of a topic, which takes plain events only; null when they are in another format. */
  plainReader(topic: string): PlainReader | null;
}

const dayMs = 86_400_000;
const noHeaders: RecordHeaders = {};
/** Formats in which an element with the fields of a plain event is an event of ours. */
const readsNative: ReadonlySet<FormatName> = new Set(['auto', 'native', 'cloudevents']);
/** User agents that are remembered, at least. */
const agentsMax = 50_000;

export function createPipeline(parts: PipelineParts): Pipeline {
  const firewall = createSecretFirewall(parts.pepper);
  const counts = pipelineMetrics(parts.metrics);
  const routes = limitRoutes(parts.routesMax ?? 2_000, () => counts.routeOverflow.inc());
  const agents = new RecentValues<SafeAgent>(agentsMax);
  const rowParts = { enrich: parts.enrich, registry: parts.registry, firewall, routes, agents };
  const ageMsMax = (parts.ageDaysMax ?? 400) * dayMs;
  const plain = new PlainReader({ ...rowParts, ageMsMax, accepted: counts.accepted });

  // One listener for all events, because leaks are rare: it fills a list that is looked at after each element.
  let leaks: { field: string; kind: LeakKind }[] = [];
  const noteLeak = (field: string, kind: LeakKind) => void leaks.push({ field, kind });

  function reportLeaks(gateway: string, keyId: string, { position, arrivedAtMs }: Arrival): void {
    for (const { field, kind } of leaks) {
      counts.secret(field, kind);
      parts.onLeak?.({ gateway, field, kind, keyId, arrivedAtMs, position });
    }
    leaks = [];
  }

  const secrets: SecretsOfFormat = {
    keyId(rawKey, hashed = false) {
      if (parts.registry.get(rawKey)) return rawKey;
      if (!hashed) noteLeak('key_id', 'raw_key');
      return firewall.mask(rawKey);
    },
    seen: (field) => noteLeak(field, 'raw_key'),
  };
  const formatOf = (topic: string): FormatName => parts.formats?.[topic] ?? parts.format ?? 'auto';
  const readers = new Map<string, FormatReader>();
  function readerOf(topic: string): FormatReader {
    let reader = readers.get(topic);
    if (!reader) {
      reader = createFormatReader(formatOf(topic), parts.mapping);
      readers.set(topic, reader);
    }
    return reader;
  }

  function rejectAs(rejection: Rejection, original: string, arrival: Arrival, into: TakenInto): void {
    counts.rejected.inc();
    counts.deadLetter(rejection.reason);
    into.deadLetters.push(deadLetter(original, rejection, arrival));
    if (leaks.length > 0) reportLeaks('', '', arrival);
  }

  /** @throws only on a defect of ours */
  function accept(draft: unknown, arrival: Arrival): RequestRow | Rejection {
    const validated = validate(draft);
    if (!('event' in validated)) return validated;
    const { event } = validated;
    let ts = readEventTime(event.ts);
    if (Number.isNaN(ts)) return { reason: 'bad_time', detail: 'ts: RFC 3339 with offset, or epoch ms' };
    if (ts < arrival.arrivedAtMs - ageMsMax) {
      return { reason: 'too_old', detail: `ts: more than ${ageMsMax / dayMs} days before arrival` };
    }
    if (ts > arrival.arrivedAtMs + futureMsMax) {
      counts.tsClamped.inc();
      ts = arrival.arrivedAtMs;
    }
    const row = toRow(event, ts, arrival, rowParts, noteLeak);
    if (event.client_ip && row.network === '') counts.clientIp.inc();
    return row;
  }

  function takeElement(element: unknown, arrival: Arrival, into: TakenInto, headers = noHeaders): void {
    let draft: unknown;
    let leaksOfFormat = 0;
    let result: RequestRow | Rejection;
    try {
      draft = readerOf(arrival.position.topic).read(element, headers, arrival.idx, secrets);
      leaksOfFormat = leaks.length;
      result = accept(draft, arrival);
    } catch (error) {
      // The message of an error may quote a value; its name does not.
      const detail = error instanceof Error ? error.name : 'unknown error';
      result = { reason: 'internal_error', detail };
    }
    if ('reason' in result) {
      // What the check of the fields found will be found again while they are redacted.
      leaks.length = leaksOfFormat;
      rejectAs(result, redactElement(draft, firewall, noteLeak), arrival, into);
      return;
    }
    counts.accepted.inc();
    into.rows.push(result);
    if (leaks.length > 0) reportLeaks(result.gateway, result.key_id, arrival);
  }

  function takeInto(
    message: Uint8Array | string,
    position: Position,
    arrivedAt: (element: unknown) => number,
    into: TakenInto,
    headers = noHeaders,
  ): void {
    // An export holds many events, each of which gets an index of its own.
    let unpacked = 0;
    visitElements(message, {
      element(value, idx) {
        const otlp = unpackOtlpExport(value, elementsPerMessageMax);
        if (otlp === null) {
          const arrival = { position, idx: idx + unpacked, arrivedAtMs: arrivedAt(value) };
          takeElement(value, arrival, into, headers);
          return;
        }
        counts.skipped.inc(otlp.others);
        for (const request of otlp.requests) {
          const arrival = { position, idx: idx + unpacked++, arrivedAtMs: arrivedAt(request) };
          takeElement(request, arrival, into, headers);
        }
        unpacked--;
      },
      unreadable: (reason, text, idx) => {
        const original = redactText(text, firewall, noteLeak);
        const arrival = { position, idx: idx + unpacked, arrivedAtMs: arrivedAt(undefined) };
        rejectAs({ reason, detail: '' }, original, arrival, into);
      },
    });
  }

  return {
    takeElement,
    takeInto,
    plainReader: (topic) => (readsNative.has(formatOf(topic)) ? plain : null),
    take(message, position, arrivedAtMs, headers) {
      const into: Taken = { rows: [], deadLetters: [] };
      takeInto(message, position, () => arrivedAtMs, into, headers);
      return into;
    },
  };
}
