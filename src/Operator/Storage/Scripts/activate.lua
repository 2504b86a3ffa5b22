-- Makes a revision of a segment the serving one in one partition: tells the audiences the difference, drops the revision before.
-- KEYS[1] the partition's owner hash
-- ARGV[1] epoch   ARGV[2] segment   ARGV[3] revision, or '' when the segment is deleted   ARGV[4] ms   ARGV[5] '1' to write the outbox   ARGV[6] cause
-- ARGV[7] '1' when the revision's rule asks when profiles entered this very segment
-- Returns { 1, entered, left } or { -1, epoch } when another owner has taken over. A second call changes nothing.
local owner = KEYS[1]
local epoch = redis.call('HGET', owner, 'epoch')
if epoch ~= ARGV[1] then return { -1, epoch or '' } end

local prefix = string.sub(owner, 1, -6)
local segment, revision, at, audience, cause, asksOfItself = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7] == '1'
local before = redis.call('HGET', owner, 'active:' .. segment)
if before == revision or (not before and revision == '') then return { 1, 0, 0 } end

local old = before and prefix .. 'members:' .. segment .. '@' .. before
local new = revision ~= '' and prefix .. 'members:' .. segment .. '@' .. revision
local outbox = prefix .. 'outbox:' .. segment
local entered = prefix .. 'entered:' .. segment

-- A command costs more than its data, and nothing else is answered meanwhile: so many profiles by one.
local MOST = 1000

local function difference(from, other, action)
    if not from then return 0 end
    local count = 0
    local scores = redis.call('ZRANGE', from, 0, -1, 'WITHSCORES')
    for first = 1, #scores, 2 * MOST do
        local profiles, changed = {}, {}
        for i = first, math.min(first + 2 * MOST, #scores) - 1, 2 do profiles[#profiles + 1] = scores[i] end
        local joined = other and redis.call('ZMSCORE', other, unpack(profiles)) or {}
        for i, profile in ipairs(profiles) do
            local score = scores[first + 2 * i - 1]
            if not joined[i] then
                count = count + 1
                if audience == '1' then redis.call('XADD', outbox, '*', 'p', profile, 'a', action, 't', at, 'c', cause) end
                if asksOfItself and action == '-' then
                    redis.call('ZADD', entered, score, profile)
                elseif asksOfItself then
                    -- What happened since entering begins anew here: the next millisecond may already tell otherwise.
                    redis.call('ZADD', prefix .. 'due', 'LT', string.format('%.0f', tonumber(at) + 1), profile)
                end
            end
            -- Who was a member stays one since then, whatever it did beside; who was not becomes one now.
            local since = joined[i] or at
            if since ~= score then
                changed[#changed + 1] = since
                changed[#changed + 1] = profile
            end
        end
        if action == '+' and #changed > 0 then redis.call('ZADD', from, unpack(changed)) end
    end
    return count
end

local leaving = difference(old, new, '-')
local entering = difference(new, old, '+')
if old then redis.call('UNLINK', old) end
if not asksOfItself then redis.call('UNLINK', entered) end
if revision == '' then
    redis.call('HDEL', owner, 'active:' .. segment)
else
    redis.call('HSET', owner, 'active:' .. segment, revision)
    local last = redis.call('HGET', prefix .. 'flow', segment .. '|last')
    if entering + leaving > 0 and (not last or tonumber(last) < tonumber(at)) then redis.call('HSET', prefix .. 'flow', segment .. '|last', at) end
end
return { 1, entering, leaving }
