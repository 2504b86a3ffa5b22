-- Appends one entry to a partition's log, unless the log is full.
-- KEYS[1] the log    ARGV[1] longest length allowed    ARGV[2..] field, value, ...
-- Returns the entry's id, or false when the log is full.
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[1]) then
    return false
end
local command = {'XADD', KEYS[1], '*'}
for i = 2, #ARGV do command[#command + 1] = ARGV[i] end
return redis.call(unpack(command))
