-- Takes a partition over: a new epoch makes every commit of the former owner fail.
-- KEYS[1] the partition's owner hash    ARGV[1] the new owner's identity    ARGV[2] the owner that the new one has seen, '' for none
-- Returns the whole hash: epoch, seq, offset, clock, active revisions and pass cursors; or false when the partition has another owner by now.
if (redis.call('HGET', KEYS[1], 'owner') or '') ~= ARGV[2] then return false end
redis.call('HINCRBY', KEYS[1], 'epoch', 1)
redis.call('HSET', KEYS[1], 'owner', ARGV[1])
return redis.call('HGETALL', KEYS[1])
