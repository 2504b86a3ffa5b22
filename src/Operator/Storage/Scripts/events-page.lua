-- Reads a page of the occurrences of one profile and event name, in order of time and then of the bytes of their members.
-- KEYS[1] the sorted set    ARGV[1] the last member of the page before, '' to begin    ARGV[2] its score    ARGV[3] how many
-- Returns { member, score, ... }. When the last member is gone, all of its instant come again rather than that one is missed.
local rank = 0
if ARGV[1] ~= '' then
    rank = redis.call('ZRANK', KEYS[1], ARGV[1])
    rank = rank and rank + 1 or redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. ARGV[2])
end
return redis.call('ZRANGE', KEYS[1], rank, rank + tonumber(ARGV[3]) - 1, 'WITHSCORES')
