import type { Finding, KeyRecord } from '@tripkey/contract';
import { lineageOf, severityRank } from '@tripkey/contract';
import type { KeyFacts, Rule, SourceRule, Traffic, Verdict } from '@tripkey/rules';
import type { Activity, Tick } from './activity.ts';
import { type FreshValues, type NetworkSeen, prepareFacts } from './facts.ts';
import { keyFinding, sourceFinding } from './finding.ts';
import { type Dimension, dimensions, KeyState, type KeyStateJson } from './key-state.ts';
import { type KeyCounts, Popularity } from './popularity.ts';
import { SeasonalRate } from './seasonal-rate.ts';
import { SourceWatch, type SourceWatchJson } from './source-watch.ts';
import { addTraffic, noTraffic } from './traffic.ts';

const hourMs = 3_600_000;

export interface EngineOptions {
  readonly keyRules: readonly Rule[];
  readonly sourceRules: readonly SourceRule[];
  /** Parameters by rule id; a rule's defaults where none are given. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** What issuers said about keys. */
  readonly keys: { get(keyId: string): KeyRecord | undefined };
}

/**
 * Learns how keys behave and judges what they do: a fold over ticks, without clock or I/O. The same ticks give the
 * same findings, live, after a restart, and in a backtest.
 */
export class Engine {
  readonly #keyRules: readonly { rule: Rule; params: unknown }[];
  readonly #sourceRules: readonly { rule: SourceRule; params: unknown }[];
  readonly #keys: EngineOptions['keys'];
  readonly #states = new Map<string, KeyState>();
  readonly #dirty = new Set<string>();
  readonly #popularity = { endpoint: new Popularity(), provider: new Popularity(), agent: new Popularity() };
  /** Requests that arrived in the window that is open now, and its start. */
  #requestsOfWindow = 0;
  #window = 0;
  #sources = new SourceWatch();
  /** Addresses that try many keys, until when they are taken for that. */
  readonly #sourcesFlagged = new Map<string, number>();
  /** Address and rule → when it last fired and how high. */
  readonly #sourcesFired = new Map<string, { at: number; score: number }>();
  readonly #counts: KeyCounts = { fleet: 0, apps: new Map() };
  /** How often a rule could not tell, by rule and reason. */
  readonly cannotTell = new Map<string, number>();

  /** Within this time of firing, a rule fires again on the same key only when its score rose by one. */
  static readonly refireMs = hourMs;
  /** With less than this share of the requests to expect, the gateways are blind. */
  static readonly blindShare = 0.4;
  /** The rule that speaks of silence. */
  static readonly silenceRule = 'key-went-silent';
  /** A key silent for longer is no news any more. */
  static readonly silentMsMax = 3 * 24 * hourMs;
  /** An address that tried many keys is taken for that so long after it last did. */
  static readonly sourceFlagMs = 24 * hourMs;

  constructor(options: EngineOptions) {
    const paramsOf = (rule: Rule | SourceRule) => rule.params.parse(options.params?.[rule.id] ?? {});
    this.#keyRules = options.keyRules.map((rule) => ({ rule, params: paramsOf(rule) }));
    this.#sourceRules = options.sourceRules.map((rule) => ({ rule, params: paramsOf(rule) }));
    this.#keys = options.keys;
  }

  /** Takes in what arrived in a tick; ticks come in the order of time. */
  take(tick: Tick): Finding[] {
    const findings: Finding[] = [];
    const { activity } = tick;
    for (let i = 0; i < activity.length; ) {
      let end = i + 1;
      while (end < activity.length && activity[end]!.keyId === activity[i]!.keyId) end++;
      this.#takeKey(activity.slice(i, end), tick.to, findings);
      i = end;
    }
    this.#requestsOfWindow += activity.reduce((sum, row) => sum + row.traffic.requests, 0);
    this.#sweepSilent(tick.to, findings);
    this.#judgeSources(new Set(activity.map((row) => row.ip)), tick.to, findings);
    return findings;
  }

  #takeKey(activity: Activity[], at: number, findings: Finding[]): void {
    const first = activity[0]!;
    const key = this.#keys.get(first.keyId) ?? null;
    const state = this.#stateOf(key ? lineageOf(key) : first.keyId, first);
    if (at <= state.learnedUntil) return;
    state.learnedUntil = at;
    state.lastKeyId = first.keyId;
    state.teachUntil(at);
    const fresh = noTraffic();
    const values = {
      endpoint: new Set<string>(),
      network: new Map<string, NetworkSeen>(),
      agent: new Set<string>(),
    };
    let newestMinute = 0;
    const inhibited = (row: Activity) =>
      this.#sourcesFlagged.has(row.ip) && !state.known.network.isKnown(row.network, at);
    for (const row of activity) {
      // One address that tries many keys is one incident, told of as such; its requests say nothing about the key.
      if (inhibited(row)) {
        this.#sources.take(row, at);
        continue;
      }
      addTraffic(fresh, row.traffic);
      if (row.minute > newestMinute) newestMinute = row.minute;
      state.take(row.minute, row.traffic, at);
      this.#learnValues(state, row, values);
      if (state.known.network.isNews(row.network, row.minute)) this.#sources.take(row, at);
    }
    this.#dirty.add(state.lineageId);
    if (fresh.requests === 0) return;
    const facts = prepareFacts({
      state,
      keyId: first.keyId,
      key,
      fresh,
      newestMinute,
      freshValues: values,
      at,
      silent: false,
      popularity: this.#popularity,
      keys: this.#counts,
    });
    for (const { rule, params } of this.#keyRules) this.#judge(rule, params, facts, state, values, findings);
  }

  #judge(
    rule: Rule,
    params: unknown,
    facts: KeyFacts,
    state: KeyState,
    values: FreshValues,
    findings: Finding[],
  ): void {
    const verdict = rule.evaluate(facts, params);
    if (!this.#isWorthTelling(verdict, rule.id, rule.id, facts.at, state.fired)) return;
    findings.push(keyFinding(rule, params, facts, state, verdict));
    if (severityRank(verdict.severity) < severityRank('medium')) return;
    // What an attacker does must not become what the key is known for.
    state.flaggedUntil = Math.max(state.flaggedUntil, facts.windowTo);
    for (const endpoint of values.endpoint) suspectNews(state, 'endpoint', endpoint, facts.at);
    for (const [network, { provider }] of values.network) {
      suspectNews(state, 'network', network, facts.at);
      suspectNews(state, 'provider', provider, facts.at);
    }
    for (const agent of values.agent) suspectNews(state, 'agent', agent, facts.at);
  }

  /**
   * With the end of each window: looks at the keys from which nothing came in it. When far less came from all keys
   * together than they lead one to expect, it is the gateways that are blind, and no key is called silent.
   */
  #sweepSilent(at: number, findings: Finding[]): void {
    const window = Math.floor((at - KeyState.latenessMs) / SeasonalRate.windowMs) * SeasonalRate.windowMs;
    if (window <= this.#window) return;
    const from = window - SeasonalRate.windowMs;
    const states = [...this.#states.values()];
    const expected = states.reduce((sum, state) => sum + state.rate.expected(from, window), 0);
    const blind = this.#requestsOfWindow < Engine.blindShare * expected;
    const skipped = this.#window > 0 && from > this.#window;
    this.#requestsOfWindow = 0;
    this.#window = window;
    if (blind || skipped) return;
    for (const state of states) {
      if (state.lastSeenAt === 0 || state.lastSeenAt >= from || at - state.lastSeenAt > Engine.silentMsMax)
        continue;
      state.noteSilence(from);
      // Told once: a silence that goes on is the same story.
      if (state.silence.expected < 1 || (state.fired.get(Engine.silenceRule)?.at ?? 0) > state.lastSeenAt)
        continue;
      this.#judgeSilent(state, at, findings);
    }
  }

  #judgeSilent(state: KeyState, at: number, findings: Finding[]): void {
    const values: FreshValues = { endpoint: new Set(), network: new Map(), agent: new Set() };
    const keyId = state.lastKeyId;
    const facts = prepareFacts({
      state,
      keyId,
      key: this.#keys.get(keyId) ?? null,
      fresh: noTraffic(),
      newestMinute: at - 60_000,
      freshValues: values,
      at,
      silent: true,
      popularity: this.#popularity,
      keys: this.#counts,
    });
    this.#dirty.add(state.lineageId);
    for (const { rule, params } of this.#keyRules) this.#judge(rule, params, facts, state, values, findings);
  }

  #judgeSources(ips: ReadonlySet<string>, at: number, findings: Finding[]): void {
    for (const ip of ips) {
      const facts = this.#sources.facts(ip, at);
      if (!facts) continue;
      for (const { rule, params } of this.#sourceRules) {
        const verdict = rule.evaluate(facts, params);
        if (verdict.kind === 'fire') this.#sourcesFlagged.set(ip, at + Engine.sourceFlagMs);
        if (!this.#isWorthTelling(verdict, rule.id, `${rule.id} ${ip}`, at, this.#sourcesFired)) continue;
        findings.push(sourceFinding(rule, params, facts, verdict));
      }
    }
    for (const [ip, until] of this.#sourcesFlagged) if (until <= at) this.#sourcesFlagged.delete(ip);
    for (const [id, { at: firedAt }] of this.#sourcesFired) {
      if (at - firedAt >= Engine.refireMs) this.#sourcesFired.delete(id);
    }
  }

  /** Whether a verdict is a finding: it fires, and not again with the same story. */
  #isWorthTelling(
    verdict: Verdict,
    ruleId: string,
    id: string,
    at: number,
    fired: Map<string, { at: number; score: number }>,
  ): verdict is Extract<Verdict, { kind: 'fire' }> {
    if (verdict.kind === 'cannot-tell') {
      const what = `${ruleId}: ${verdict.reason}`;
      this.cannotTell.set(what, (this.cannotTell.get(what) ?? 0) + 1);
    }
    if (verdict.kind !== 'fire') return false;
    const before = fired.get(id);
    if (before && at - before.at < Engine.refireMs && verdict.score < before.score + 1) return false;
    fired.set(id, { at, score: verdict.score });
    return true;
  }

  #learnValues(
    state: KeyState,
    row: Activity,
    values: {
      endpoint: Set<string>;
      network: Map<string, NetworkSeen>;
      agent: Set<string>;
    },
  ): void {
    const endpoint = `${row.method} ${row.route}`;
    const provider = providerOf(row);
    values.endpoint.add(endpoint);
    if (this.#learn(state, 'endpoint', endpoint, row)) {
      this.#popularity.endpoint.add(endpoint, state.appId);
      const atHome = row.network === '' || state.known.provider.isKnown(provider, row.minute);
      if (atHome && row.traffic.denied === 0) this.#popularity.endpoint.start(endpoint, row.minute);
    }
    if (row.network !== '') {
      values.network.set(row.network, { provider, country: row.country, ip: row.ip });
      this.#learn(state, 'network', row.network, row);
      if (this.#learn(state, 'provider', provider, row)) this.#popularity.provider.add(provider, state.appId);
      if (row.country !== '') this.#learn(state, 'country', row.country, row);
    }
    if (row.agent !== '') {
      values.agent.add(row.agent);
      if (this.#learn(state, 'agent', row.agent, row)) this.#popularity.agent.add(row.agent, state.appId);
    }
  }

  #learn(state: KeyState, dimension: Dimension, value: string, row: Activity): boolean {
    const { requests, accepted, denied }: Traffic = row.traffic;
    return state.known[dimension].take(value, row.minute, requests, accepted, denied);
  }

  #stateOf(lineageId: string, first: Activity): KeyState {
    let state = this.#states.get(lineageId);
    if (!state) {
      state = new KeyState(lineageId);
      state.accountId = first.accountId;
      state.appId = first.appId || first.accountId;
      this.#adopt(state);
    }
    return state;
  }

  /** Lets a state in, counting its key among its peers. */
  #adopt(state: KeyState): void {
    this.#states.set(state.lineageId, state);
    this.#counts.fleet++;
    this.#counts.apps.set(state.appId, (this.#counts.apps.get(state.appId) ?? 0) + 1);
    for (const dimension of dimensions) {
      if (dimension === 'network' || dimension === 'country') continue;
      for (const [value] of state.known[dimension].values())
        this.#popularity[dimension].add(value, state.appId);
    }
  }

  /** Puts a saved profile back; before the first tick. */
  restore(json: KeyStateJson): void {
    this.#adopt(KeyState.fromJSON(json));
  }

  /** What is remembered beyond single keys, to be saved beside the profiles. */
  saveFleet(): {
    watch: SourceWatchJson;
    fired: [string, { at: number; score: number }][];
    flagged: [string, number][];
    window: [number, number];
  } {
    return {
      watch: this.#sources.toJSON(),
      fired: [...this.#sourcesFired],
      flagged: [...this.#sourcesFlagged],
      window: [this.#window, this.#requestsOfWindow],
    };
  }

  /** Puts back what was remembered beyond single keys. */
  restoreFleet(json: ReturnType<Engine['saveFleet']>): void {
    this.#sources = SourceWatch.fromJSON(json.watch);
    for (const [id, fired] of json.fired) this.#sourcesFired.set(id, fired);
    [this.#window, this.#requestsOfWindow] = json.window;
    for (const [ip, until] of json.flagged) this.#sourcesFlagged.set(ip, until);
  }

  /** Profiles changed since the last call, to be saved. */
  *takeDirty(): Generator<KeyState> {
    for (const lineageId of this.#dirty) yield this.#states.get(lineageId)!;
    this.#dirty.clear();
  }

  get keyCount(): number {
    return this.#states.size;
  }
}

function suspectNews(state: KeyState, dimension: Dimension, value: string, at: number): void {
  const known = state.known[dimension];
  if (known.isNews(value, at)) known.suspect(value, at);
}

/** The autonomous system of a row, or the wider prefix of its network where that is unknown. */
function providerOf(row: Activity): string {
  if (row.asn > 0) return `AS${row.asn}`;
  const separator = row.network.includes(':') ? ':' : '.';
  return row.network.split(separator).slice(0, 2).join(separator);
}
