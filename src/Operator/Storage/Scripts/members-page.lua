-- Reads a page of a segment's members in one partition, with what an audience must know to begin there, all at one instant.
-- KEYS[1] the partition's owner hash
-- ARGV[1] segment   ARGV[2] revision that the cursor belongs to   ARGV[3] the cursor's joined-at, '' to begin   ARGV[4] its profile   ARGV[5] how many
-- Returns { audiences that every commit tells, serving revision or '', newest outbox id, { profile, joined-at, ... } }. Members come in the order of
-- joined-at and then of the bytes of their ids, after the cursor (exclusive); a cursor of another revision begins anew.
local owner = KEYS[1]
local prefix = string.sub(owner, 1, -6)
local segment, revision, score, profile, count = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local call = redis.call

-- Not the < operator: it compares by the server's locale.
local function after(a, b)
    for i = 1, math.min(#a, #b) do
        local x, y = string.byte(a, i), string.byte(b, i)
        if x ~= y then return x > y end
    end
    return #a > #b
end

local audiences = call('HGET', owner, 'audience:' .. segment) or ''
local active = call('HGET', owner, 'active:' .. segment) or ''
local newest = call('XREVRANGE', prefix .. 'outbox:' .. segment, '+', '-', 'COUNT', 1)
local id = newest[1] and newest[1][1] or '0-0'
if active == '' then return { audiences, active, id, {} } end

local members = prefix .. 'members:' .. segment .. '@' .. active
local rank = 0
if revision == active and score ~= '' then
    rank = call('ZCOUNT', members, '-inf', '(' .. score)
    local high = call('ZCOUNT', members, '-inf', score)
    while rank < high do -- the cursor's profile may have left: search for its place among those of the same instant
        local middle = math.floor((rank + high) / 2)
        if after(call('ZRANGE', members, middle, middle)[1], profile) then high = middle else rank = middle + 1 end
    end
end
return { audiences, active, id, call('ZRANGE', members, rank, rank + count - 1, 'WITHSCORES') }
