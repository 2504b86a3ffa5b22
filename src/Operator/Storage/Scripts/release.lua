-- Gives a partition up, so that another replica takes it at once. The epoch stays: the next owner's is higher.
-- KEYS[1] the partition's owner hash    ARGV[1] the epoch of the owner that gives it up
-- Returns 1, or 0 when another owner has taken over.
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'owner', '')
return 1
