-- Writes fields of a hash, if one of its fields is still what the writer has seen.
-- KEYS[1] the hash
-- ARGV[1] that field   ARGV[2] its value as seen, '' for none   ARGV[3] how many fields to set   ARGV[4..] field, value, ..., then fields to remove
-- Returns 1, or 0 when the field is something else by now.
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
local last = 3 + 2 * ARGV[3]
for i = 4, last, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
for i = last + 1, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
return 1
