-- Appends to a partition's log what another partition has sent on, each entry once.
-- KEYS[1] the partition's owner hash
-- ARGV[1] the other partition's number   ARGV[2..] per entry, in the order of their ids: its id there, how many arguments follow, field, value, ...
-- Returns the id of the last one appended, or '' when all of them had come before. A full log takes them, too: they were accepted already, and two
-- partitions that waited for each other would wait for ever.
local owner = KEYS[1]
local log = string.sub(owner, 1, -6) .. 'log'
local source = 'forwarded:' .. ARGV[1]

local function numbers(id)
    local ms, number = string.match(id, '^(%d+)-(%d+)$')
    return tonumber(ms), tonumber(number)
end

local ms, number = numbers(redis.call('HGET', owner, source) or '0-0')
local i, at, appended = 2, '*', ''
while i <= #ARGV do
    local last = i + 1 + ARGV[i + 1]
    local m, n = numbers(ARGV[i])
    if m > ms or (m == ms and n > number) then
        appended = redis.call('XADD', log, at, unpack(ARGV, i + 2, last))
        at = string.match(appended, '^%d+') .. '-*'
        redis.call('HSET', owner, source, ARGV[i])
        ms, number = m, n
    end
    i = last + 1
end
return appended
