-- Tells in one look whether a partition has anything new for its owner.
-- KEYS[1] the partition's owner hash
-- Returns { epoch, seq, id of the newest log entry or '', how many entries are to be sent to other partitions }, the first two '0' where there is none:
-- before a first commit, or after Redis lost all.
local prefix = string.sub(KEYS[1], 1, -6)
local state = redis.call('HMGET', KEYS[1], 'epoch', 'seq')
local newest = redis.call('XREVRANGE', prefix .. 'log', '+', '-', 'COUNT', 1)
return { state[1] or '0', state[2] or '0', newest[1] and newest[1][1] or '', redis.call('XLEN', prefix .. 'forward') }
