-- Counts the entries of an outbox after an id (exclusive).
-- KEYS[1] the outbox    ARGV[1] the id    ARGV[2] how many are counted one by one at most
-- Exact when nothing up to the id is left or when there are no more than ARGV[2]; otherwise the outbox's length.
local length = redis.call('XLEN', KEYS[1])
if length == 0 or #redis.call('XRANGE', KEYS[1], '-', ARGV[1], 'COUNT', 1) == 0 then return length end
local limit = tonumber(ARGV[2])
local counted = #redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', limit)
return counted < limit and counted or length
