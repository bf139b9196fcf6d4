INSERT INTO profiles_v2 (shard, subject, slot, generation, learned_until, profile)
SELECT shard, subject, 0, 1, learned_until, profile FROM profiles_v1 FINAL
