import type { Finding, KeyRecord } from '@tripkey/contract';
import { severityRank } from '@tripkey/contract';
import { ruleSet } from '@tripkey/rules';
import type { Tick } from '../engine/activity.ts';
import { Engine } from '../engine/engine.ts';
import type { EngineOptions } from '../engine/engine-options.ts';
import type { KeyStateJson } from '../engine/key-state.ts';

/** An engine with every rule at its defaults, and what issuers told of keys. */
export function anEngine(keys: readonly KeyRecord[] = [], options: Partial<EngineOptions> = {}): Engine {
  const byId = new Map(keys.map((key) => [key.key_id, key]));
  return new Engine({ ...ruleSet, keys: byId, ...options });
}

/** What an engine says of ticks. */
export function judgeAll(engine: Engine, ticks: readonly Tick[]): Finding[] {
  return ticks.flatMap((tick) => engine.take(tick));
}

/** The findings that weigh at least as much as a severity. */
export function atLeast(severity: Finding['severity'], findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => severityRank(finding.severity) >= severityRank(severity));
}

/** The ids of the rules that fired, each once, sorted. */
export function firedRules(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map((finding) => finding.rule_id))].sort();
}

/** Profiles as the store keeps them: texts, of each subject the last one. */
export class SavedProfiles {
  readonly #keys = new Map<string, string>();
  #fleet: string | null = null;

  save(engine: Engine): void {
    for (const state of engine.takeDirty()) this.#keys.set(state.lineageId, JSON.stringify(state));
    this.#fleet = JSON.stringify(engine.saveFleet());
  }

  restoreInto(engine: Engine): void {
    for (const lineageId of [...this.#keys.keys()].sort())
      engine.restore(JSON.parse(this.#keys.get(lineageId)!) as KeyStateJson);
    if (this.#fleet !== null) engine.restoreFleet(JSON.parse(this.#fleet));
  }
}
