import { outcomes } from '@tripkey/contract';
import { encodeText, type RequestBlock, Word } from '@tripkey/store';
import { deriveOutcome } from '../derive-outcome.ts';
import { futureMsMax } from '../event-time.ts';
import { isOrdinaryIdIn, mayHoldSecretIn } from '../firewall/may-hold-secret.ts';
import { secretLengthMin } from '../firewall/secret-formats.ts';
import type { Position } from '../position.ts';
import type { RepeatMarker, Sent } from '../repeats/repeat-marker.ts';
import { latencyMsMax, noTags, type RowParts, safeAgent, wholeCount } from '../to-row.ts';
import { KnownOrigins } from './known-origins.ts';
import { KnownTexts } from './known-texts.ts';
import { PlainKey } from './plain-key.ts';
import { fieldOf, PlainScanner } from './plain-scanner.ts';
import { PlainTimes } from './plain-times.ts';

export interface PlainReaderParts extends RowParts {
  /** Older events are left to the pipeline, ms before arrival. */
  readonly ageMsMax: number;
  /** Counts events that were taken. */
  readonly accepted: { inc(count: number): void };
}

interface PlainRoute {
  readonly word: Word;
  admitted: boolean;
}

interface PlainAgent {
  readonly text: Uint8Array;
  readonly family: Word;
}

const noText = encodeText('');
const noWord = new Word('');
const noAgent: PlainAgent = { text: noText, family: noWord };
const outcomeWords = new Map<string, Word>(outcomes.map((outcome) => [outcome, new Word(outcome)]));
const outcomeOfStatus = Array.from({ length: 600 }, (_, status) => outcomeWords.get(deriveOutcome(status))!);
/** Accepted events that are counted at once. */
const countedAtOnce = 500;

/**
 * The way of most events, several times as fast as the pipeline's: from the bytes of a message into the columns of a
 * block, without an object or a text on the way. It takes only what it is sure of, and what the pipeline would store
 * unchanged: a plain event whose texts hold nothing that could be a secret, whose route is admitted already, and
 * whose key, client and agent the pipeline's own parts have judged. Everything else it leaves, untouched, to the
 * pipeline. A property holds its rows against those of the pipeline.
 */
export class PlainReader {
  readonly #parts: PlainReaderParts;
  readonly #scanner = new PlainScanner();
  readonly #times = new PlainTimes();
  readonly #origins: KnownOrigins;
  readonly #keys: KnownTexts<PlainKey | null>;
  readonly #agents: KnownTexts<PlainAgent | null>;
  readonly #routes: KnownTexts<PlainRoute | null>;
  readonly #methods: KnownTexts<Word | null>;
  readonly #gateways: KnownTexts<Word | null>;
  readonly #outcomes = new KnownTexts<Word | null>(64, (text) => outcomeWords.get(text) ?? null);
  #topic = noWord;
  #uncounted = 0;
  /** Used again for every event. */
  readonly #identity = { eventIdFrom: 0, eventIdTo: 0, keyIdFrom: 0, keyIdTo: 0, ts: 0 };

  constructor(parts: PlainReaderParts) {
    this.#parts = parts;
    const { firewall, registry, enrich } = parts;
    this.#origins = new KnownOrigins(enrich);
    this.#keys = new KnownTexts(2 ** 16, (text) =>
      isKept(text, (tell) => firewall.keyId(text, false, tell)) ? new PlainKey(text, registry) : null,
    );
    this.#agents = new KnownTexts(2 ** 13, (text) => {
      if (!isKept(text, (tell) => safeAgent(text, parts, tell).text)) return null;
      return { text: encodeText(text), family: new Word(enrich.agentFamily(text)) };
    });
    this.#routes = new KnownTexts(2 ** 13, (text) => {
      const isPath = !/[?#:]/.test(text);
      return isPath && isKept(text, (tell) => firewall.path('route', text, tell))
        ? { word: new Word(text), admitted: false }
        : null;
    });
    this.#methods = new KnownTexts(2 ** 8, (text) =>
      isKept(text, (tell) => firewall.id('method', text, tell)) ? new Word(text.toUpperCase()) : null,
    );
    this.#gateways = new KnownTexts(2 ** 12, (text) =>
      isKept(text, (tell) => firewall.id('gateway', text, tell)) ? new Word(text) : null,
    );
  }

  /**
   * Adds the row of a message's only event to a block, if it is a plain one.
   * @param message bytes of which those from `from` up to `end` are the event
   * @returns false when it is not; then nothing was done
   */
  take(
    message: Uint8Array,
    from: number,
    end: number,
    position: Position,
    arrivedAtMs: number,
    sent: Sent,
    repeats: RepeatMarker,
    into: RequestBlock,
  ): boolean {
    const ts = this.look(message, from, end);
    if (!this.#add(message, ts, position, arrivedAtMs, into)) return false;
    into.of.is_repeat.push(repeats.markOf(message, this.#identify(ts), sent));
    this.#added(into);
    return true;
  }

  /** The same for history, where `look` was the last call: an event of it arrives at its own time, and is no repeat. */
  takeSeen(
    message: Uint8Array,
    ts: number,
    position: Position,
    arrivedAtMs: number,
    into: RequestBlock,
  ): boolean {
    if (!this.#add(message, ts, position, arrivedAtMs, into)) return false;
    into.of.is_repeat.push(0);
    this.#added(into);
    return true;
  }

  /** The event time of a message's only event, epoch ms; NaN when it is not plain. */
  look(message: Uint8Array, from: number, end: number): number {
    return this.#scanner.scan(message, from, end) ? this.#times.read(message, this.#scanner) : Number.NaN;
  }

  /** Adds all that a row has but whether it is a repeat, if the event that was looked at last is a plain one. */
  #add(
    message: Uint8Array,
    ts: number,
    position: Position,
    arrivedAtMs: number,
    into: RequestBlock,
  ): boolean {
    const { ageMsMax } = this.#parts;
    if (!(ts >= arrivedAtMs - ageMsMax && ts <= arrivedAtMs + futureMsMax)) return false;
    const scanner = this.#scanner;
    const status = scanner.number(fieldOf.status, 0);
    const sequence = scanner.number(fieldOf.gateway_seq, 0);
    if (!Number.isInteger(status) || status < 100 || status > 599 || !Number.isInteger(sequence))
      return false;
    if (!this.#isHarmless(message)) return false;
    const key = this.#known(this.#keys, message, fieldOf.key_id);
    const method = this.#known(this.#methods, message, fieldOf.method);
    const route = this.#route(message);
    const outcome = scanner.isThere(fieldOf.outcome)
      ? this.#known(this.#outcomes, message, fieldOf.outcome)
      : outcomeOfStatus[status]!;
    const gateway = scanner.has(fieldOf.gateway)
      ? this.#known(this.#gateways, message, fieldOf.gateway)
      : noWord;
    const agent = scanner.has(fieldOf.user_agent)
      ? this.#known(this.#agents, message, fieldOf.user_agent)
      : noAgent;
    if (!key || !method || !route || !outcome || !gateway || !agent) return false;
    const origin = this.#origin(message);
    if (origin < 0) return false;

    const { of } = into;
    of.ts.push(ts);
    this.#push(of.event_id, message, fieldOf.event_id, noText);
    this.#push(of.key_id, message, fieldOf.key_id, noText);
    if (scanner.has(fieldOf.account_id)) this.#push(of.account_id, message, fieldOf.account_id, noText);
    else of.account_id.pushEncoded(key.account);
    if (scanner.has(fieldOf.app_id)) this.#push(of.app_id, message, fieldOf.app_id, noText);
    else of.app_id.pushEncoded(key.app);
    of.method.pushWord(method);
    of.route.pushWord(route);
    this.#push(of.path, message, fieldOf.path, noText);
    of.status.push(status);
    of.outcome.pushWord(outcome);
    this.#origins.push(origin, of);
    of.user_agent.pushEncoded(agent.text);
    of.agent_family.pushWord(agent.family);
    of.bytes_in.push(wholeCount(scanner.number(fieldOf.bytes_in, 0)));
    of.bytes_out.push(wholeCount(scanner.number(fieldOf.bytes_out, 0)));
    of.latency_ms.push(Math.min(scanner.number(fieldOf.latency_ms, 0), latencyMsMax));
    of.cost.push(scanner.number(fieldOf.cost, 0));
    of.gateway.pushWord(gateway);
    of.gateway_seq.push(sequence);
    this.#push(of.trace_id, message, fieldOf.trace_id, noText);
    of.tags.push(noTags);
    of.arrived_at.push(arrivedAtMs);
    of._topic.pushWord(this.#topicOf(position.topic));
    of._partition.push(position.partition);
    of._offset.push(position.offset);
    of._idx.push(0);
    return true;
  }

  #added(into: RequestBlock): void {
    into.added();
    if (++this.#uncounted >= countedAtOnce) this.count();
  }

  /** Brings the count of accepted events up to date, which is done for many at once. */
  count(): void {
    if (this.#uncounted > 0) this.#parts.accepted.inc(this.#uncounted);
    this.#uncounted = 0;
  }

  /** Pushes a text of the message, or what stands for none. */
  #push(column: RequestBlock['of']['event_id'], message: Uint8Array, field: number, none: Uint8Array): void {
    const { from, to } = this.#scanner;
    if (this.#scanner.has(field)) column.pushAscii(message, from[field]!, to[field]!);
    else column.pushEncoded(none);
  }

  #known<V>(texts: KnownTexts<V | null>, message: Uint8Array, field: number): V | null {
    const { from, to } = this.#scanner;
    return this.#scanner.has(field) ? texts.get(message, from[field]!, to[field]!) : null;
  }

  /** Whether the texts that are different each time hold nothing that could be a secret. */
  #isHarmless(message: Uint8Array): boolean {
    const scanner = this.#scanner;
    const { event_id, account_id, app_id, trace_id, path } = fieldOf;
    if (!scanner.has(event_id)) return false;
    if (!this.#isHarmlessId(message, event_id) || !this.#isHarmlessId(message, account_id)) return false;
    if (!this.#isHarmlessId(message, app_id) || !this.#isHarmlessId(message, trace_id)) return false;
    // What belongs to no path ends this way, too: a query, a host.
    return !scanner.has(path) || !mayHoldSecretIn(message, scanner.from[path]!, scanner.to[path]!);
  }

  #isHarmlessId(message: Uint8Array, field: number): boolean {
    if (!this.#scanner.has(field)) return true;
    const from = this.#scanner.from[field]!;
    const to = this.#scanner.to[field]!;
    if (to - from < secretLengthMin || !mayHoldSecretIn(message, from, to)) return true;
    return isOrdinaryIdIn(message, from, to);
  }

  /** A route that the pipeline has admitted. */
  #route(message: Uint8Array): Word | null {
    const route = this.#known(this.#routes, message, fieldOf.route);
    if (route === null) return null;
    route.admitted ||= this.#parts.routes.knows('', route.word.text);
    return route.admitted ? route.word : null;
  }

  #origin(message: Uint8Array): number {
    const { client_ip } = fieldOf;
    const { from, to } = this.#scanner;
    return this.#scanner.has(client_ip) ? this.#origins.find(message, from[client_ip]!, to[client_ip]!) : 0;
  }

  #identify(ts: number) {
    const { from, to } = this.#scanner;
    const identity = this.#identity;
    identity.eventIdFrom = from[fieldOf.event_id]!;
    identity.eventIdTo = to[fieldOf.event_id]!;
    identity.keyIdFrom = from[fieldOf.key_id]!;
    identity.keyIdTo = to[fieldOf.key_id]!;
    identity.ts = ts;
    return identity;
  }

  #topicOf(topic: string): Word {
    if (this.#topic.text !== topic) this.#topic = new Word(topic);
    return this.#topic;
  }
}

/** Whether the firewall leaves a text as it is, and tells of nothing: else the pipeline has to tell, each time. */
function isKept(text: string, guard: (tell: () => void) => string): boolean {
  let told = false;
  const kept = guard(() => {
    told = true;
  });
  return kept === text && !told;
}
