import * as z from 'zod';

/**
 * Whether a shard of the detector judges the key of a request: those of an account lie together, as rules compare a key
 * with its peers. A key without an account lies anywhere. One shard reads everything.
 */
export const ofShard = `({keys_of:UInt16} = 0 OR CRC32(if(account_id = '', key_id, account_id)) % {keys_of:UInt16} = {part:UInt16})`;

export const whichShard = {
  keys_of: z.int().min(0).default(0).describe('how many shards share the keys; 0: all keys are asked for'),
  part: z.int().min(0).default(0).describe('which of them'),
};
