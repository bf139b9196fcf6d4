import type { FleetFacts, GatewayFacts } from '../fleet-facts.ts';

const minuteMs = 60_000;
/** A Monday morning. */
const at = Date.parse('2026-03-02T10:00:00.000Z');

/** A gateway of a month that delivers every few seconds and numbers its events. */
export function aGatewaySeen(changes: Partial<GatewayFacts> = {}): GatewayFacts {
  const silentMs = changes.silentMs ?? 5_000;
  return {
    at,
    windowFrom: at - 15 * minuteMs,
    windowTo: at,
    gateway: 'edge-1',
    watchedSince: at - 30 * 86_400_000,
    lastHeardAt: at - silentMs,
    silentMs,
    pauseMsLongest: 2 * minuteMs,
    expectedSince: silentMs / 100,
    surpriseOfSilence: silentMs / minuteMs,
    othersHeard: true,
    sequence: { missing: 0, received: 36_000 },
    heartbeat: null,
    ...changes,
  };
}

/** Fifty keys of a month that together do what they always do. */
export function aFleetSeen(changes: Partial<FleetFacts> = {}): FleetFacts {
  return {
    at,
    windowFrom: at - 15 * minuteMs,
    windowTo: at,
    requests: 5_000,
    expected: 5_000,
    keys: 50,
    windows: 2_800,
    ratioHighest: 1.3,
    ratioLowest: 0.8,
    gatewaysBlind: 0,
    ...changes,
  };
}
