import type { BacktestResult, Labels } from '@tripkey/cli';
import { severityRank } from '@tripkey/contract';

/** How well alerts match what was played. */
export interface AlertScore {
  readonly incidents: number;
  readonly found: number;
  readonly falseAlerts: number;
  readonly keyDays: number;
  /** From the begin of an incident to its first alert, minutes, ascending. */
  readonly delaysMin: readonly number[];
  /** Found and played, by kind. */
  readonly byKind: ReadonlyMap<string, readonly [found: number, played: number]>;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** An alert counts for an incident up to so long after its end. */
const graceMs = 60 * minuteMs;

/**
 * Compares alerts of at least medium severity with the incidents of a simulation. The first `warmUpDays` are not
 * scored: nobody knows any key then. An alert about an address counts when it names the address of the incident.
 */
export function scoreAlerts(
  alerts: BacktestResult['alerts'],
  labels: Labels,
  options: { keys: number; days: number; warmUpDays: number },
): AlertScore {
  const from = Date.parse(labels.start) + options.warmUpDays * dayMs;
  const counted = alerts
    .filter((alert) => severityRank(alert.severity) >= severityRank('medium'))
    .map((alert) => ({ alert, at: Date.parse(alert.opened_at), text: JSON.stringify(alert) }))
    .filter(({ at }) => at >= from);
  const firstHit = new Map<(typeof labels.incidents)[number], number>();
  let falseAlerts = 0;
  for (const { alert, at, text } of counted) {
    const meant = labels.incidents.filter((incident) => {
      if (at < Date.parse(incident.start) - minuteMs || at > Date.parse(incident.end) + graceMs) return false;
      return incident.ip ? text.includes(incident.ip) : alert.key_id === incident.key_id;
    });
    if (meant.length === 0) falseAlerts++;
    for (const incident of meant) if (!firstHit.has(incident)) firstHit.set(incident, at);
  }
  const byKind = new Map<string, [number, number]>();
  for (const incident of labels.incidents) {
    const [found, played] = byKind.get(incident.type) ?? [0, 0];
    byKind.set(incident.type, [found + (firstHit.has(incident) ? 1 : 0), played + 1]);
  }
  return {
    incidents: labels.incidents.length,
    found: firstHit.size,
    falseAlerts,
    keyDays: options.keys * (options.days - options.warmUpDays),
    delaysMin: [...firstHit]
      .map(([incident, at]) => (at - Date.parse(incident.start)) / minuteMs)
      .sort((a, b) => a - b),
    byKind,
  };
}
