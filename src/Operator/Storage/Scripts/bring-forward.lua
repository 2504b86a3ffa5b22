-- Has profiles be due earlier, when they are not already. A due time may be early, but not than its owner knows: he would find nothing to do, and leave it.
-- KEYS[1] the partition's owner hash
-- ARGV[1] sorted set of recency, without the prefix   ARGV[2] least score   ARGV[3] most   ARGV[4] due so long after the score, ms
-- ARGV[5] how many at most; more only when they all have the same score, so that who goes on from the last one's does go on
-- ARGV[6] epoch
-- Returns for each of them, in order, its id and the instant at which it is due at the latest; nil when another owner has taken over.
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[6] then return false end
local prefix = string.sub(KEYS[1], 1, -6)
local found = redis.call('ZRANGEBYSCORE', prefix .. ARGV[1], ARGV[2], ARGV[3], 'WITHSCORES', 'LIMIT', 0, ARGV[5])
if #found == 2 * ARGV[5] and found[2] == found[#found] then
    found = redis.call('ZRANGEBYSCORE', prefix .. ARGV[1], found[2], found[2], 'WITHSCORES')
end

-- A thousand a command, for they are unpacked onto a stack of 8,000.
local all = {}
for first = 1, #found, 2000 do
    local due = {}
    for i = first, math.min(first + 2000, #found) - 1, 2 do
        local at = found[i + 1] + ARGV[4]
        due[#due + 1] = at
        due[#due + 1] = found[i]
        all[i] = found[i]
        all[i + 1] = at
    end
    redis.call('ZADD', prefix .. 'due', 'LT', unpack(due))
end
return all
