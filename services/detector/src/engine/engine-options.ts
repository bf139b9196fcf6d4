import type { KeyRecord } from '@tripkey/contract';
import type { KeyFacts, Rule, RuleSet } from '@tripkey/rules';
import type { KeysToAdvise } from './advice.ts';
import type { Decisions } from './decisions.ts';
import type { GatewayWords } from './gateway-says.ts';

/** What an engine judges by. */
export interface EngineOptions extends Partial<RuleSet> {
  /** Parameters by rule id; a rule's defaults where none are given. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** What issuers said about keys. */
  readonly keys: KeysToAdvise & { get(keyId: string): KeyRecord | undefined };
  /** Whether the engine is shown the requests of a key; of every key by default. */
  readonly reads?: (key: { readonly key_id: string; readonly account_id: string }) => boolean;
  /** What people and the policy decided; nothing by default. */
  readonly decisions?: Decisions;
  /** What gateways say of themselves; nothing by default. */
  readonly says?: GatewayWords;
  /** Keys whose states stay in memory, and that are watched while they are silent. */
  readonly keysAwakeMax?: number;
  /** Days on which rest is to be expected and nothing is learnt: `2026-12-25`, or `12-25` of every year (UTC). */
  readonly holidays?: readonly string[];
  /** Is shown every judgement of a key before it is made; changes nothing. */
  readonly onJudge?: (rule: Rule, params: unknown, facts: KeyFacts) => void;
}
