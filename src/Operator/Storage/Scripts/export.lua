-- Reads what one partition holds of a profile, all at one instant; the events and the outboxes, which may be long, apart.
-- KEYS[1] the partition's owner hash    ARGV[1] profile
-- Returns { its hash as name, value, ...; due time or false; nothing; { segment, revision, '1' if it serves, joined-at, ... }; { segment, when one
-- that has left had entered, ... }; { policy, revision, recency, frequency, monetary, ... } }, the first three as load.lua without watched segments.
local prefix = string.sub(KEYS[1], 1, -6)
local id = ARGV[1]
local call = redis.call
local members, entered, rfm = {}, {}, {}

local function add(list, ...)
    for _, value in ipairs({ ... }) do list[#list + 1] = value end
end

local owner = call('HGETALL', KEYS[1])
local active = {}
for i = 1, #owner, 2 do
    local segment = string.match(owner[i], '^active:(.+)$')
    if segment then active[segment] = owner[i + 1] end
end
for i = 1, #owner, 2 do
    local kind, name, revision = string.match(owner[i], '^pass:(%a+)/(.+)@([^@]+)$')
    if kind == 'segment' then
        local joined = call('ZSCORE', prefix .. 'members:' .. name .. '@' .. revision, id)
        if joined then add(members, name, revision, active[name] == revision and '1' or '0', joined) end
    elseif kind == 'policy' then
        local set = prefix .. 'rfm:' .. name .. '@' .. revision
        local recency = call('ZSCORE', set .. ':recency', id)
        if recency then add(rfm, name, revision, recency, call('ZSCORE', set .. ':frequency', id), call('ZSCORE', set .. ':monetary', id)) end
    end
end
for segment in pairs(active) do
    local at = call('ZSCORE', prefix .. 'entered:' .. segment, id)
    if at then add(entered, segment, at) end
end
return { call('HGETALL', prefix .. 'profile:' .. id), call('ZSCORE', prefix .. 'due', id), {}, members, entered, rfm }
