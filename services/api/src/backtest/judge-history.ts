import { type AlertingConfig, createIncidentBook, type Incident } from '@tripkey/alerter';
import { Engine, readTicks } from '@tripkey/detector';
import { ruleGroups, ruleSet } from '@tripkey/rules';
import type { KeyRegistry, Store } from '@tripkey/store';

export interface HistoryParts {
  readonly store: Store;
  readonly keys: KeyRegistry;
  /** Parameters by rule id. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly incidents: AlertingConfig['incidents'];
  /** Arrivals in this span are judged, epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly onProgress: (share: number) => void;
}

/** What a backtest found: plain data, so that it can cross from one thread to another. */
export interface HistoryJudged {
  readonly events: number;
  readonly findings: number;
  readonly byRule: Readonly<Record<string, { findings: number; incidents: number }>>;
  readonly incidents: readonly {
    readonly key_id: string | null;
    readonly subject: string;
    readonly opened_at: number;
    readonly closed_at: number | null;
    readonly severity: Incident['severity'];
    readonly score: number;
    readonly rules: readonly string[];
  }[];
}

const tickMs = 15_000;
const stretchMs = 3_600_000;

/** Judges stored history by the same code as live, on the clock of arrivals; changes nothing. */
export async function judgeHistory(parts: HistoryParts): Promise<HistoryJudged> {
  const { store, keys, params, onProgress } = parts;
  const engine = new Engine({ ...ruleSet, keys, params });
  const { risk, windowMs, quietMs } = parts.incidents;
  const book = createIncidentBook({ groups: ruleGroups, risk, windowMs, quietMs });
  const seen = new Map<string, Incident>();
  const byRule: Record<string, { findings: number; incidents: number }> = {};
  const ofRule = (id: string) => (byRule[id] ??= { findings: 0, incidents: 0 });
  let [events, findings] = [0, 0];
  const keep = (ids: Iterable<string>) => {
    for (const id of ids) {
      const incident = book.get(id);
      if (incident) seen.set(id, incident);
    }
  };
  const from = Math.floor(parts.from / tickMs) * tickMs;
  for (let at = from; at < parts.to; at += stretchMs) {
    for (const tick of await readTicks(store, at, Math.min(parts.to, at + stretchMs), tickMs)) {
      // What is closed here may be forgotten by the book with the next tick.
      keep(book.closeDue(tick.to).map(({ incident_id }) => incident_id));
      for (const { traffic } of tick.activity) events += traffic.requests;
      for (const finding of engine.take(tick)) {
        findings++;
        ofRule(finding.rule_id).findings++;
        keep(book.take(finding, tick.to).map(({ incident_id }) => incident_id));
      }
    }
    onProgress(Math.min(1, (at + stretchMs - from) / (parts.to - from)));
  }
  keep([...book.incidents()].map(({ id }) => id));
  for (const { rules } of seen.values()) for (const { ruleId } of rules) ofRule(ruleId).incidents++;
  return {
    ...{ events, findings, byRule },
    incidents: [...seen.values()].map((incident) => ({
      key_id: incident.keyId,
      subject: `${incident.subject.kind}:${incident.subject.id}`,
      opened_at: incident.openedAt,
      closed_at: incident.closedAt,
      severity: incident.severity,
      score: incident.score,
      rules: incident.rules.map(({ ruleId }) => ruleId),
    })),
  };
}
