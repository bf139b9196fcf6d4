import { isSensitive } from '@tripkey/rules';
import type { Activity } from './activity.ts';
import { Births } from './births.ts';
import type { FreshValues, NetworkSeen } from './facts.ts';
import type { Dimension, KeyState } from './key-state.ts';
import { KnownValues } from './known-values.ts';
import { PeerMixes, type PeerMixesJson } from './peer-mixes.ts';
import { PeerPlaces, type PeerPlacesJson } from './peer-places.ts';
import { type KeyCounts, Popularity, type PopularityJson } from './popularity.ts';

/** The values that a key used in a tick, while they are collected. */
export interface CollectedValues extends FreshValues {
  readonly endpoint: Set<string>;
  readonly network: Map<string, NetworkSeen>;
  readonly agent: Set<string>;
}

export function noValues(): CollectedValues {
  return { endpoint: new Set(), network: new Map(), agent: new Set() };
}

/** What all keys together do: how many use a value, and which values many begin to use. */
export class Peers {
  readonly endpoint = new Popularity();
  readonly provider = new Popularity();
  readonly agent = new Popularity();
  readonly places = new PeerPlaces();
  readonly mixes = new PeerMixes();
  readonly counts: KeyCounts = { fleet: 0, apps: new Map() };
  readonly births = new Births();

  /** Values that are not counted because there are too many. */
  get valuesRefused(): number {
    return this.endpoint.refused + this.provider.refused + this.agent.refused + this.mixes.refused;
  }

  /** Counts a key and what it is known for. */
  adopt(state: KeyState): void {
    if (state.firstSeenAt > 0) this.births.note(state.firstSeenAt);
    this.mixes.adopt(state.mix, state.appId);
    this.counts.fleet++;
    this.counts.apps.set(state.appId, (this.counts.apps.get(state.appId) ?? 0) + 1);
    for (const dimension of ['endpoint', 'provider', 'agent'] as const) {
      const values = [...state.known[dimension].values()].sort(([, a], [, b]) => a.firstAt - b.firstAt);
      for (const [i, [value, { firstAt }]] of values.entries())
        this[dimension].add(value, state.appId, firstAt, i + 1);
    }
  }

  /** -log10 of the share of keys that are in their first day. */
  surpriseOfYouth(at: number): number {
    const share = (this.births.young(at) + 0.5) / (this.counts.fleet + 1);
    return Math.max(0, -Math.log10(Math.min(1, share)));
  }

  /** Begins the hour of an arrival for a key; what its hour before showed of places is taught to its peers. */
  enterHour(state: KeyState, at: number): void {
    const together = state.habits.enterHour(at, state.flaggedUntil);
    if (together !== null) this.places.learn(state.appId, together);
  }

  /**
   * Teaches a key, and its peers, the values of a row; adds them to `values`. What is new is dated by its arrival: a
   * gateway that delivers hours late must not make it old before anybody has looked.
   */
  learn(state: KeyState, row: Activity, values: CollectedValues, at: number): void {
    const endpoint = `${row.method} ${row.route}`;
    this.endpoint.enterHour(at);
    const provider = providerOf(row);
    values.endpoint.add(endpoint);
    this.mixes.take(state.mix, state.appId, endpoint, at, () => ({
      known: at - (state.known.endpoint.get(endpoint)?.firstAt ?? at) >= KnownValues.newsMs,
      unheard: this.endpoint.isUnheard(endpoint, at),
      refused: row.traffic.denied > 0,
      sensitive: isSensitive(row.method, row.route),
      releasedShare: this.endpoint.releasedShare(endpoint, at),
    }));
    state.habits.endpoints.note(state.known.endpoint.get(endpoint)?.lastAt ?? 0);
    if (take(state, 'endpoint', endpoint, row, at)) {
      this.endpoint.add(endpoint, state.appId, at, state.known.endpoint.size);
      const atHome = row.network === '' || state.known.provider.isKnown(provider, at);
      if (atHome && row.traffic.denied === 0) this.endpoint.start(endpoint, at);
    }
    if (row.network !== '') {
      values.network.set(row.network, { provider, country: row.country, ip: row.ip });
      state.habits.networks.note(state.known.network.get(row.network)?.lastAt ?? 0);
      state.habits.places.take(row.country, provider, row.traffic.requests);
      take(state, 'network', row.network, row, at);
      if (take(state, 'provider', provider, row, at))
        this.provider.add(provider, state.appId, at, state.known.provider.size);
      if (row.country !== '') take(state, 'country', row.country, row, at);
    }
    if (row.agent !== '') {
      values.agent.add(row.agent);
      if (take(state, 'agent', row.agent, row, at))
        this.agent.add(row.agent, state.appId, at, state.known.agent.size);
    }
  }

  /** What cannot be counted again from the keys: who began what, and when. */
  toJSON(): PeersJson {
    return { ...this.endpoint.toJSON(), places: this.places.toJSON(), mixes: this.mixes.toJSON() };
  }

  restore(json: PeersJson): void {
    this.endpoint.restore(json);
    if (json.places) this.places.restore(json.places);
    if (json.mixes) this.mixes.restore(json.mixes);
  }
}

/** `places` and `mixes` are absent in what earlier releases saved. */
export type PeersJson = PopularityJson & { places?: PeerPlacesJson; mixes?: PeerMixesJson };

/** Keeps as news what was news when a key was flagged: what an attacker does must not become its habit. */
export function suspectNews(state: KeyState, values: FreshValues, at: number): void {
  const suspect = (dimension: Dimension, value: string) => {
    const known = state.known[dimension];
    if (known.isNews(value, at)) known.suspect(value, at);
  };
  for (const endpoint of values.endpoint) suspect('endpoint', endpoint);
  for (const [network, { provider }] of values.network) {
    suspect('network', network);
    suspect('provider', provider);
  }
  for (const agent of values.agent) suspect('agent', agent);
}

function take(state: KeyState, dimension: Dimension, value: string, row: Activity, at: number): boolean {
  const { requests, accepted, denied } = row.traffic;
  return state.known[dimension].take(value, at, requests, accepted, denied);
}

/** The autonomous system of a row, or the wider prefix of its network where that is unknown. */
function providerOf(row: Activity): string {
  if (row.asn > 0) return `AS${row.asn}`;
  const { network } = row;
  const separator = network.includes(':') ? ':' : '.';
  const second = network.indexOf(separator, network.indexOf(separator) + 1);
  return second < 0 ? network : network.slice(0, second);
}
