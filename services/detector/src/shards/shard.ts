import { crc32 } from 'node:zlib';
import type { Finding } from '@tripkey/contract';
import { type RuleSet, ruleSet } from '@tripkey/rules';

/** Which arrivals of keys a shard reads; everybody's when it is empty. */
export interface ArrivalsOfShard {
  /** How many shards share the keys. */
  readonly keys_of?: number;
  /** Which of them. */
  readonly part?: number;
}

/** A part of what is to be judged, with a fold of its own: state, frontier, findings. */
export interface Shard {
  /** Tells how many shards there are as well: what was learnt for another count is another shard's. */
  readonly id: number;
  readonly arrivals: ArrivalsOfShard;
  readonly rules: RuleSet;
  /** Whether the requests of a key are read by this shard. */
  reads(key: { readonly key_id: string; readonly account_id: string }): boolean;
  /** Whether this shard tells of a finding, or another one does that sees more of it. */
  tells(finding: Finding): boolean;
}

/** So many shards can be told apart by their ids. */
export const shardsMax = 200;

/** Of one detector alone: everything. */
export const singleShard: Shard = {
  ...{ id: 0, arrivals: {}, rules: ruleSet },
  reads: () => true,
  tells: () => true,
};

const adviceIds = new Set(ruleSet.adviceRules.map(({ id }) => id));
const isOfKeyRule = ({ subject, rule_id }: Finding) => subject.kind === 'key' && !adviceIds.has(rule_id);

/**
 * The shards of an installation: keys are shared by account, and one more shard watches what no account shows alone.
 *
 * A shard of keys has its own keys only, but every gateway; it watches addresses to know when a request says something of
 * its address and nothing of its key. The last shard learns all keys as one detector alone would and asks no rule about
 * them: addresses that try keys of many accounts, gateways, what all keys do together, and advice are told by it.
 * @param count how many shards share the keys; 1: one shard does everything
 */
export function shardsOf(count: number): Shard[] {
  if (count === 1) return [singleShard];
  const ofKeys = Array.from({ length: count }, (_, part): Shard => {
    const rules = { ...ruleSet, adviceRules: [] };
    return {
      ...{ id: count * 256 + part, arrivals: { keys_of: count, part }, rules },
      // As `ofShard` of the store says it in SQL.
      reads: ({ key_id, account_id }) => crc32(account_id === '' ? key_id : account_id) % count === part,
      tells: isOfKeyRule,
    };
  });
  const ofFleet: Shard = {
    id: count * 256 + count,
    arrivals: {},
    rules: { ...ruleSet, keyRules: [] },
    reads: () => true,
    tells: (finding) => !isOfKeyRule(finding),
  };
  return [...ofKeys, ofFleet];
}
