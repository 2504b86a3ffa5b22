-- Writes one batch of one partition, all or nothing, if the caller still owns the partition and has seen every earlier commit.
-- KEYS[1] the partition's owner hash
-- ARGV[1] epoch   ARGV[2] seq expected   ARGV[3] offset expected   ARGV[4] new offset   ARGV[5] new clock, ms   ARGV[6..] operations
-- Returns { 1, flags } with one '1' or '0' per '+' and '-' (did it change anything?),
--         { -1, epoch } when another owner has taken over, { -2, seq } when the store is not where the caller believes it is.
local owner = KEYS[1]
local state = redis.call('HMGET', owner, 'epoch', 'seq', 'offset')
if state[1] ~= ARGV[1] then return { -1, state[1] or '' } end
if (state[2] or '0') ~= ARGV[2] or (state[3] or '0-0') ~= ARGV[3] then return { -2, state[2] or '0' } end

local prefix = string.sub(owner, 1, -6)
local changed = {}
local call = redis.call
local unpack = unpack
local ARGV = ARGV
local i, n = 6, #ARGV

local latest, moves = {}, {} -- of the whole batch, for the flow: field by field it would cost more than the members themselves
local function tell(segment, profile, action, at, mode, minute, cause)
    local last = latest[segment]
    if not last or tonumber(last) < tonumber(at) then latest[segment] = at end
    if minute ~= '' then
        local field = segment .. '|' .. minute .. '|' .. action
        moves[field] = (moves[field] or 0) + 1
    end
    if mode == '2' then
        call('XADD', prefix .. 'outbox:' .. segment, '*', 'p', profile, 'a', action, 't', at, 'c', cause)
    end
end

while i <= n do
    local op = ARGV[i]
    if op == 'e' then       -- occurrences of one profile and name: profile:name, how many, ms, member, ...
        local last = i + 2 + 2 * ARGV[i + 2]
        call('ZADD', prefix .. 'events:' .. ARGV[i + 1], unpack(ARGV, i + 3, last))
        i = last + 1
    elseif op == 'i' then   -- profiles that enter, which is certain: members' key, how many arguments follow, ms, profile, ...
        local last = i + 2 + ARGV[i + 2]
        call('ZADD', prefix .. ARGV[i + 1], unpack(ARGV, i + 3, last))
        i = last + 1
    elseif op == 'u' then   -- profiles that leave, which is certain: members' key, how many, profile, ...
        local last = i + 2 + ARGV[i + 2]
        call('ZREM', prefix .. ARGV[i + 1], unpack(ARGV, i + 3, last))
        i = last + 1
    elseif op == 'q' then   -- occurrences are forgotten: profile, event name, all before this ms (exclusive)
        call('ZREMRANGEBYSCORE', prefix .. 'events:' .. ARGV[i + 1] .. ':' .. ARGV[i + 2], '-inf', '(' .. ARGV[i + 3])
        i = i + 4
    elseif op == 'd' then   -- due times of profiles: how many, ms, profile, ...
        local last = i + 1 + 2 * ARGV[i + 1]
        call('ZADD', prefix .. 'due', unpack(ARGV, i + 2, last))
        i = last + 1
    elseif op == 'x' then   -- profiles that are not due any more: how many, profile, ...
        local last = i + 1 + ARGV[i + 1]
        call('ZREM', prefix .. 'due', unpack(ARGV, i + 2, last))
        i = last + 1
    elseif op == '+' then   -- enters: segment, revision, profile, ms, mode, minute, cause, revision to take joined-at from
        local segment, profile, at = ARGV[i + 1], ARGV[i + 3], ARGV[i + 4]
        local joined = at
        if ARGV[i + 8] ~= '' then
            joined = call('ZSCORE', prefix .. 'members:' .. segment .. '@' .. ARGV[i + 8], profile) or at
        end
        local added = call('ZADD', prefix .. 'members:' .. segment .. '@' .. ARGV[i + 2], 'NX', joined, profile)
        changed[#changed + 1] = added
        if added == 1 and ARGV[i + 5] ~= '0' then tell(segment, profile, '+', at, ARGV[i + 5], ARGV[i + 6], ARGV[i + 7]) end
        i = i + 9
    elseif op == '-' then   -- leaves: the same arguments, the last one '1' to remember when it had entered
        local segment, profile, at = ARGV[i + 1], ARGV[i + 3], ARGV[i + 4]
        local members = prefix .. 'members:' .. segment .. '@' .. ARGV[i + 2]
        local joined = ARGV[i + 8] == '1' and call('ZSCORE', members, profile)
        if joined then call('ZADD', prefix .. 'entered:' .. segment, joined, profile) end
        local removed = call('ZREM', members, profile)
        changed[#changed + 1] = removed
        if removed == 1 and ARGV[i + 5] ~= '0' then tell(segment, profile, '-', at, ARGV[i + 5], ARGV[i + 6], ARGV[i + 7]) end
        i = i + 9
    elseif op == 'h' then   -- a field of the profile: profile, field, value
        call('HSET', prefix .. 'profile:' .. ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
        i = i + 4
    elseif op == 'n' then   -- profiles seen for the first time: how many, profile, ...
        local last = i + 1 + ARGV[i + 1]
        local all = {}
        for profile = i + 2, last do
            all[#all + 1] = 0
            all[#all + 1] = ARGV[profile]
        end
        call('ZADD', prefix .. 'profiles', unpack(all))
        i = last + 1
    elseif op == 'r' then   -- RFM dimensions: policy@revision, profile, last purchase in ms or '', frequency, monetary, spent or '' where monetary is that
        local set = prefix .. 'rfm:' .. ARGV[i + 1]
        local profile = ARGV[i + 2]
        if ARGV[i + 3] == '' then
            call('ZREM', set .. ':recency', profile)
            call('ZREM', set .. ':frequency', profile)
            call('ZREM', set .. ':monetary', profile)
            call('ZREM', set .. ':spent', profile)
        else
            call('ZADD', set .. ':recency', ARGV[i + 3], profile)
            call('ZADD', set .. ':frequency', ARGV[i + 4], profile)
            call('ZADD', set .. ':monetary', ARGV[i + 5], profile)
            if ARGV[i + 6] ~= '' then call('ZADD', set .. ':spent', ARGV[i + 6], profile) end
        end
        i = i + 7
    elseif op == 't' then   -- RFM tier: policy, profile, tier or '', ms
        local field = 'tier:' .. ARGV[i + 1]
        local hash = prefix .. 'profile:' .. ARGV[i + 2]
        local was = call('HGET', hash, field)
        local before, since, former = '', '', ''
        if was then before, since, former = string.match(was, '^([^\n]*)\n([^\n]*)\n([^\n]*)') end
        -- The tiers of a policy that was deleted are gone while the profiles still remember them.
        if before ~= '' and not call('ZSCORE', prefix .. 'tiers:' .. ARGV[i + 1] .. ':' .. before, ARGV[i + 2]) then before = '' end
        if before ~= ARGV[i + 3] then
            if before ~= '' then call('ZREM', prefix .. 'tiers:' .. ARGV[i + 1] .. ':' .. before, ARGV[i + 2]) end
            if ARGV[i + 3] ~= '' then call('ZADD', prefix .. 'tiers:' .. ARGV[i + 1] .. ':' .. ARGV[i + 3], ARGV[i + 4], ARGV[i + 2]) end
            if former ~= '' then call('HSET', hash, 'left:' .. ARGV[i + 1] .. ':' .. former, since) end
            call('HSET', hash, field, ARGV[i + 3] .. '\n' .. ARGV[i + 4] .. '\n' .. before)
        end
        i = i + 5
    elseif op == 'o' then   -- a field of the owner hash (pass cursors): field, value or ''
        if ARGV[i + 2] == '' then
            call('HDEL', owner, ARGV[i + 1])
        else
            call('HSET', owner, ARGV[i + 1], ARGV[i + 2])
        end
        i = i + 3
    elseif op == 'z' then   -- a profile is erased, after it has left its segments and policies: profile, the one that it was merged into or '', how many segments remember enterings, segment, ...
        local profile, into, last = ARGV[i + 1], ARGV[i + 2], i + 3 + tonumber(ARGV[i + 3])
        local hash = prefix .. 'profile:' .. profile
        local fields = call('HGETALL', hash)
        for f = 1, #fields, 2 do
            if fields[f] == 'names' then
                for name in string.gmatch(fields[f + 1], '[^\n]+') do call('UNLINK', prefix .. 'events:' .. profile .. ':' .. name) end
            elseif string.sub(fields[f], 1, 5) == 'tier:' then
                local tier = string.match(fields[f + 1], '^[^\n]+')
                if tier then call('ZREM', prefix .. 'tiers:' .. string.sub(fields[f], 6) .. ':' .. tier, profile) end
            end
        end
        for s = i + 4, last do call('ZREM', prefix .. 'entered:' .. ARGV[s], profile) end
        call('ZREM', prefix .. 'profiles', profile)
        call('ZREM', prefix .. 'due', profile)
        call('UNLINK', hash)
        if into ~= '' then call('HSET', hash, 'into', into) end
        i = last + 1
    elseif op == 'w' then   -- an entry to send on: how many arguments follow, field, value, ...
        local last = i + 1 + ARGV[i + 1]
        -- By the clock of the commits, which goes on also where Redis has come back without its last ones: an id is not used again.
        call('XADD', prefix .. 'forward', ARGV[5] .. '-*', unpack(ARGV, i + 2, last))
        i = last + 1
    elseif op == 'f' then   -- a flow bucket that is older than a day: field
        call('HDEL', prefix .. 'flow', ARGV[i + 1])
        i = i + 2
    elseif op == 'c' then   -- moves that are certain: field of the flow, how many
        moves[ARGV[i + 1]] = (moves[ARGV[i + 1]] or 0) + ARGV[i + 2]
        i = i + 3
    elseif op == 'l' then   -- the latest of them: segment, ms
        local last = latest[ARGV[i + 1]]
        if not last or tonumber(last) < tonumber(ARGV[i + 2]) then latest[ARGV[i + 1]] = ARGV[i + 2] end
        i = i + 3
    elseif op == 'k' then   -- data of a revision or policy that is gone: key without its prefix
        call('UNLINK', prefix .. ARGV[i + 1])
        i = i + 2
    else
        return redis.error_reply('unknown operation ' .. tostring(op))
    end
end

for segment, at in pairs(latest) do
    local last = call('HGET', prefix .. 'flow', segment .. '|last')
    if not last or tonumber(last) < tonumber(at) then call('HSET', prefix .. 'flow', segment .. '|last', at) end
end
for field, count in pairs(moves) do call('HINCRBY', prefix .. 'flow', field, string.format('%d', count)) end

call('HSET', owner, 'seq', string.format('%d', tonumber(ARGV[2]) + 1), 'offset', ARGV[4], 'clock', ARGV[5])
if ARGV[4] ~= ARGV[3] then
    -- The last one, too: the bytes of entries that are cut off are freed with the last one of their node.
    local ms, number = string.match(ARGV[4], '^(%d+)-(%d+)$')
    call('XTRIM', prefix .. 'log', 'MINID', ms .. '-' .. string.format('%.0f', tonumber(number) + 1))
end
return { 1, table.concat(changed) }
