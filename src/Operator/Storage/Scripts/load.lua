-- Reads whole profiles of one partition in one round trip.
-- KEYS[1] the partition's owner hash (for its slot)
-- ARGV[1] how many watched segments, then the name and the serving revision of each, then profile ids
-- Returns per profile: { hash as name, value, ...; due score or false; per watched segment joined-at or false, and when one that has left since
-- had entered or false; name, { member, score, ... }, ... }
local prefix = string.sub(KEYS[1], 1, -6)
local watched = tonumber(ARGV[1])
local result = {}
for i = 2 + 2 * watched, #ARGV do
    local id = ARGV[i]
    local fields = redis.call('HGETALL', prefix .. 'profile:' .. id)
    local stays = {}
    for w = 1, watched do
        local segment, revision = ARGV[2 * w], ARGV[2 * w + 1]
        stays[2 * w - 1] = redis.call('ZSCORE', prefix .. 'members:' .. segment .. '@' .. revision, id)
        stays[2 * w] = redis.call('ZSCORE', prefix .. 'entered:' .. segment, id)
    end
    local entry = { fields, redis.call('ZSCORE', prefix .. 'due', id), stays }
    for f = 1, #fields, 2 do
        if fields[f] == 'names' then
            for name in string.gmatch(fields[f + 1], '[^\n]+') do
                entry[#entry + 1] = name
                entry[#entry + 1] = redis.call('ZRANGE', prefix .. 'events:' .. id .. ':' .. name, 0, -1, 'WITHSCORES')
            end
        elseif string.sub(fields[f], 1, 5) == 'tier:' then
            -- The tiers of a policy that was deleted are gone while the profiles still remember them.
            local tier = string.match(fields[f + 1], '^[^\n]+')
            if tier and not redis.call('ZSCORE', prefix .. 'tiers:' .. string.sub(fields[f], 6) .. ':' .. tier, id) then
                fields[f + 1] = string.sub(fields[f + 1], #tier + 1)
            end
        end
    end
    result[#result + 1] = entry
end
return result
