import type { Finding } from '@tripkey/contract';
import { lineageOf, severityRank } from '@tripkey/contract';
import type { KeyFacts, Rule, RuleOf } from '@tripkey/rules';
import type { Activity, Tick } from './activity.ts';
import { Advice } from './advice.ts';
import { allow } from './allow.ts';
import { Calendar } from './calendar.ts';
import { type Decisions, noDecisions } from './decisions.ts';
import type { EngineOptions } from './engine-options.ts';
import { type FleetParts, type FreshValues, prepareFacts } from './facts.ts';
import { keyFinding } from './finding.ts';
import { Fleet, type FleetWindow } from './fleet.ts';
import { FleetErrors } from './fleet-errors.ts';
import type { FleetJson } from './fleet-json.ts';
import { Gateways } from './gateways.ts';
import { KeyState, type KeyStateJson } from './key-state.ts';
import { KeyStates } from './key-states.ts';
import { noValues, Peers, suspectNews } from './peers.ts';
import { SilenceSweep } from './silence-sweep.ts';
import { unknownKeyId } from './source-watch.ts';
import { Sources } from './sources.ts';
import { Teller } from './teller.ts';
import { addTraffic, noTraffic } from './traffic.ts';
import { withoutOurRefusals } from './without-our-refusals.ts';

/** The rule that speaks of silence. */
const silenceRule = 'key-went-silent';

/**
 * Learns how keys behave and judges what they do: a fold over ticks, without clock or I/O. The same ticks give the
 * same findings, live, after a restart, and in a backtest.
 */
export class Engine {
  readonly #rules: readonly { rule: Rule; params: unknown }[];
  readonly #keys: EngineOptions['keys'];
  readonly #decisions: Decisions;
  readonly #reads: NonNullable<EngineOptions['reads']>;
  readonly #onJudge: EngineOptions['onJudge'];
  readonly #states: KeyStates;
  readonly #peers = new Peers();
  readonly #teller = new Teller();
  readonly #sources: Sources;
  readonly #gateways: Gateways;
  readonly #fleet: Fleet;
  readonly #advice: Advice;
  readonly #errors = new FleetErrors();
  readonly #silence: SilenceSweep;
  /** Requests with key ids that nobody made: no issuer told of them, and no gateway ever let one through. */
  requestsOfMadeUpKeys = 0;
  /** What facts are prepared from besides the state of a key. `watchedSince`: start of the first tick with traffic; 0 before. */
  readonly #fleetParts: FleetParts & { watchedSince: number };

  constructor(options: EngineOptions) {
    const withParams = <F, R extends RuleOf<F>>(rules: readonly R[] = []) =>
      rules.map((rule) => ({ rule, params: rule.params.parse(options.params?.[rule.id] ?? {}) }));
    this.#rules = withParams(options.keyRules);
    this.#sources = new Sources(withParams(options.sourceRules), this.#teller);
    this.#gateways = new Gateways(withParams(options.gatewayRules), this.#teller, options.says);
    this.#fleet = new Fleet(withParams(options.fleetRules), this.#teller);
    this.#advice = new Advice(withParams(options.adviceRules), this.#teller);
    this.#silence = new SilenceSweep(new Calendar(options.holidays));
    this.#keys = options.keys;
    this.#decisions = options.decisions ?? noDecisions;
    this.#reads = options.reads ?? (() => true);
    this.#onJudge = options.onJudge;
    this.#states = new KeyStates(options.keysAwakeMax);
    this.#fleetParts = {
      watchedSince: 0,
      popularity: this.#peers,
      places: this.#peers.places,
      errors: this.#errors,
      calendar: this.#silence.fleet.calendar,
      keys: this.#peers.counts,
    };
  }

  /**
   * Takes in what arrived in a tick; ticks come in the order of time. States that were put away must have been put
   * back (`absentIn`), or their keys are taken for new ones.
   */
  take({ activity, gateways = [], from, to: at }: Tick): Finding[] {
    const findings = this.#gateways.take(gateways, from, at);
    if (this.#fleetParts.watchedSince === 0) this.#fleetParts.watchedSince = from;
    // First, because a window that closes here says how much of a rise the whole fleet shares.
    const blind = this.#gateways.blind(at);
    const onClosed = (window: FleetWindow) =>
      findings.push(...this.#fleet.take(window, this.#states.countAwake(), blind, at));
    for (const state of this.#silence.silent(this.#states, at, onClosed))
      this.#judgeSilent(state, blind, at, findings);
    this.#states.letSleep(at);
    for (let i = 0; i < activity.length; ) {
      let end = i + 1;
      while (end < activity.length && activity[end]!.keyId === activity[i]!.keyId) end++;
      this.#takeKey(activity.slice(i, end), at, findings);
      i = end;
    }
    this.#silence.take(activity.reduce((sum, row) => sum + row.traffic.requests, 0));
    findings.push(...this.#sources.judge(new Set(activity.map((row) => row.ip)), at));
    findings.push(...this.#advice.take(this.#keys, this.#states, this.#fleetParts.watchedSince, at));
    return findings;
  }

  #takeKey(activity: readonly Activity[], at: number, findings: Finding[]): void {
    const first = activity[0]!;
    const key = this.#keys.get(first.keyId) ?? null;
    const lineageId = key ? lineageOf(key) : first.keyId;
    const isNew = !key && !this.#states.get(lineageId);
    // Whoever makes ids up must not fill memory and tables with them.
    if (first.keyId === unknownKeyId || (isNew && activity.every(({ traffic }) => traffic.accepted === 0))) {
      for (const row of activity) this.#sources.take(row, at, true);
      this.requestsOfMadeUpKeys += activity.reduce((sum, { traffic }) => sum + traffic.requests, 0);
      return;
    }
    const state = this.#stateOf(lineageId, first);
    state.begin(first.keyId, at, this.#silence.fleet);
    this.#peers.enterHour(state, at);
    const fresh = noTraffic();
    const values = noValues();
    const wasUsed = state.firstSeenAt > 0;
    let newestMinute = 0;
    for (const row of withoutOurRefusals(activity, this.#decisions.stoppedAt(first.keyId))) {
      const inhibited = this.#sources.inhibits(row, state, at);
      if (!inhibited) {
        addTraffic(fresh, row.traffic);
        newestMinute = Math.max(newestMinute, row.minute);
        state.take(row.minute, row.traffic, at);
        this.#errors.take(row.traffic, at);
        this.#peers.learn(state, row, values, at);
      }
      if (inhibited || state.known.network.isNews(row.network, at)) this.#sources.take(row, at);
    }
    if (!wasUsed && state.firstSeenAt > 0) this.#peers.births.note(state.firstSeenAt);
    this.#states.markChanged(state.lineageId);
    if (fresh.requests === 0) return;
    const facts = prepareFacts(
      {
        state,
        keyId: first.keyId,
        key,
        fresh,
        newestMinute,
        freshValues: values,
        at,
        silent: false,
        gatewaysBlind: 0,
      },
      this.#fleetParts,
    );
    this.#judge(facts, state, values, findings);
  }

  #judgeSilent(state: KeyState, gatewaysBlind: number, at: number, findings: Finding[]): void {
    // Told once: a silence that goes on is the same story.
    const keyId = state.lastKeyId;
    if ((state.fired.get(firedId(silenceRule, keyId, state))?.at ?? 0) > state.lastSeenAt) return;
    // That a key is silent which we stopped is what was wanted.
    if (this.#decisions.stoppedAt(keyId) !== undefined) return;
    const values = noValues();
    const key = this.#keys.get(keyId) ?? null;
    // A key that got another account is read by another shard from then on, and not silent.
    if (!this.#reads({ key_id: keyId, account_id: key?.account_id || state.accountId })) return;
    const newestMinute = at - 60_000;
    const facts = prepareFacts(
      {
        ...{ state, keyId, key, fresh: noTraffic(), newestMinute, freshValues: values, at },
        ...{ silent: true, gatewaysBlind },
      },
      this.#fleetParts,
    );
    const before = findings.length;
    this.#judge(facts, state, values, findings);
    // Silence itself is remembered by the sweep; only what was told of it changes the profile.
    if (findings.length > before) this.#states.markChanged(state.lineageId);
  }

  #judge(facts: KeyFacts, state: KeyState, values: FreshValues, findings: Finding[]): void {
    for (const { rule, params } of this.#rules) {
      this.#onJudge?.(rule, params, facts);
      const verdict = rule.evaluate(facts, params);
      const lesson =
        verdict.kind === 'fire'
          ? this.#decisions.lessonOf(`key:${state.lineageId}`, rule.id, facts.at)
          : undefined;
      const told = verdict.kind === 'fire' ? allow(verdict, lesson) : verdict;
      const id = firedId(rule.id, facts.keyId, state);
      if (!this.#teller.isWorthTelling(told, rule.id, id, facts.at, state.fired)) continue;
      if (verdict.kind !== 'fire') continue;
      this.#teller.forgetOld(state.fired, facts.at, firedId(silenceRule, state.lastKeyId, state));
      findings.push(keyFinding(rule, params, facts, state, verdict, lesson));
      if (severityRank(told.severity) < severityRank('medium')) continue;
      state.flaggedUntil = Math.max(state.flaggedUntil, facts.windowTo);
      suspectNews(state, values, facts.at);
    }
  }

  #stateOf(lineageId: string, first: Activity): KeyState {
    const known = this.#states.get(lineageId);
    if (known) return known;
    const state = new KeyState(lineageId);
    state.accountId = first.accountId;
    state.appId = first.appId || first.accountId;
    this.#states.add(state);
    this.#peers.adopt(state);
    return state;
  }

  /**
   * Puts a saved profile back; before the first tick.
   * @param asleepBefore of the saved fleet; a key that is asleep is counted among its peers only
   */
  restore(json: KeyStateJson, asleepBefore = 0): void {
    const state = KeyState.fromJSON(json);
    this.#peers.adopt(state);
    this.#states.restore(state, asleepBefore);
  }

  /** The lineages that ticks need whose states are not in memory and may have been put away. */
  absentIn(ticks: readonly Tick[]): string[] {
    const absent = new Set<string>();
    const note = (lineageId: string) => this.#states.mayBeAway(lineageId) && absent.add(lineageId);
    for (const { activity, to } of ticks) {
      for (const { keyId } of activity) {
        const key = this.#keys.get(keyId);
        if (keyId !== unknownKeyId) note(key ? lineageOf(key) : keyId);
      }
      for (const key of this.#advice.due(this.#keys, to)) note(lineageOf(key));
    }
    return [...absent];
  }

  /** Puts back the state of a key that was put away. */
  wake(json: KeyStateJson): void {
    this.#states.wake(json);
  }

  /** Forgets the states of keys that are asleep and saved. */
  putAway(): void {
    this.#states.putAway();
  }

  /** Puts back what was remembered beyond single keys; after the profiles. */
  restoreFleet({ peers, sources, silence, gateways, fleet, advice, errors, ...rest }: FleetJson): void {
    this.#fleetParts.watchedSince = rest.watchedSince;
    this.#states.restoreSleep(rest.asleepBefore ?? 0, rest.sleepWindow ?? 0);
    this.#peers.restore(peers);
    this.#sources.restore(sources);
    this.#silence.restore(silence, this.#states);
    if (gateways) this.#gateways.restore(gateways);
    if (fleet) this.#fleet.restore(fleet);
    if (advice) this.#advice.restore(advice);
    if (errors) this.#errors.restore(errors);
  }

  /** What is remembered beyond single keys, to be saved beside the profiles. */
  saveFleet(): FleetJson {
    return {
      peers: this.#peers.toJSON(),
      sources: this.#sources.toJSON(),
      silence: this.#silence.toJSON(),
      gateways: this.#gateways.toJSON(),
      fleet: this.#fleet.toJSON(),
      advice: this.#advice.toJSON(),
      errors: this.#errors.toJSON(),
      watchedSince: this.#fleetParts.watchedSince,
      ...this.#states.sleep,
    };
  }

  /** Profiles changed since the last call, to be saved as they are now. */
  takeDirty(): KeyState[] {
    return this.#states.takeChanged();
  }

  /** Gives profiles back that could not be saved, for the next save. */
  markDirty(states: readonly KeyState[]): void {
    for (const state of states) this.#states.markChanged(state.lineageId);
  }

  /** Keys whose states are in memory. */
  get keyCount(): number {
    return this.#states.size;
  }

  /** What was let go because there was too much of it, by what it is. */
  get overflow(): Readonly<Record<string, number>> {
    const others = { values: this.#peers.valuesRefused, gateways: this.#gateways.refused };
    return { keys: this.#states.crowdedOut, ...this.#sources.overflow, ...others };
  }

  /** How often a rule could not tell, by rule and reason. */
  get cannotTell(): ReadonlyMap<string, number> {
    return this.#teller.cannotTell;
  }
}

/** What is remembered of a rule is of one key of a lineage: each has an incident of its own. */
function firedId(ruleId: string, keyId: string, { lineageId }: KeyState): string {
  return keyId === lineageId ? ruleId : `${ruleId} ${keyId}`;
}
