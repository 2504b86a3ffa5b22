-- Deletes a segment's outbox in one partition, unless commits still write it.
-- KEYS[1] the partition's owner hash    ARGV[1] segment    ARGV[2] '1' to delete it in any case
-- Returns 1 when it is gone, 0 when it is still written.
if ARGV[2] ~= '1' and redis.call('HEXISTS', KEYS[1], 'audience:' .. ARGV[1]) == 1 then return 0 end
redis.call('UNLINK', string.sub(KEYS[1], 1, -6) .. 'outbox:' .. ARGV[1])
return 1
