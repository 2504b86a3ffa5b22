-- Reads whole profiles of one partition in one round trip.
-- KEYS[1] the partition's owner hash (for its slot)    ARGV profile ids
-- Returns per profile: { hash as name, value, ...; due score or false; name, { member, score, ... }, ... }
local prefix = string.sub(KEYS[1], 1, -6)
local result = {}
for i = 1, #ARGV do
    local id = ARGV[i]
    local fields = redis.call('HGETALL', prefix .. 'profile:' .. id)
    local entry = { fields, redis.call('ZSCORE', prefix .. 'due', id) }
    for f = 1, #fields, 2 do
        if fields[f] == 'names' then
            for name in string.gmatch(fields[f + 1], '[^\n]+') do
                entry[#entry + 1] = name
                entry[#entry + 1] = redis.call('ZRANGE', prefix .. 'events:' .. id .. ':' .. name, 0, -1, 'WITHSCORES')
            end
        end
    end
    result[i] = entry
end
return result
