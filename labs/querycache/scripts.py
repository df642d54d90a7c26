"""The two steps that must not be interrupted, as scripts inside Redis.

The lease and the lock are one object: a mark in the very field that will hold the result. Whatever takes the field away
(a clear, an eviction, the lease's own end) takes the right to fill it away too.
"""

TAKE_LEASE = """
-- keys: the hash, then one stamp for each collection. ARGV: field, lease, its ms, server expires fields (1/0),
-- ms that a new stamp lives, then a new stamp for each collection that has none,
-- then a value that could not be read and is to be replaced.
local stamps = {}
for i = 2, #KEYS do
  local stamp = redis.call('GET', KEYS[i])
  if not stamp then
    stamp = ARGV[4 + i]
    redis.call('SET', KEYS[i], stamp, 'PX', ARGV[5])
  end
  stamps[i - 1] = stamp
end
local wanted = table.concat(stamps, ',')
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then redis.call('UNLINK', KEYS[1]) end
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held then
  if string.sub(held, 1, 2) == '\\0L' then
    local ends = tonumber(string.match(held, ' (%d+)$') or '0')
    if ends > now then return {0, held} end
  else
    local ends, stamp = string.match(held, '^qc1 [BJS] %d+ (%d+) %x+ ([^\\n]*)\\n')
    if ends and tonumber(ends) > now and stamp == wanted and held ~= ARGV[5 + #KEYS] then return {0, held} end
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. string.format('%.0f', now + ARGV[3]))
if ARGV[4] == '1' then
  redis.call('HPEXPIRE', KEYS[1], ARGV[3], 'FIELDS', 1, ARGV[1])
elseif redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return {1, wanted, now}
"""

FILL = """
-- keys: the hash, then the stamps that the result was read under. ARGV: field, lease, value, when it is over (ms since
-- 1970), server expires fields (1/0), those stamps as they were. An empty value gives the lease back.
local held = redis.call('HGET', KEYS[1], ARGV[1])
if not held or string.sub(held, 1, #ARGV[2]) ~= ARGV[2] then return 0 end
if ARGV[3] == '' then return redis.call('HDEL', KEYS[1], ARGV[1]) end
local stamps = {}
for i = 2, #KEYS do stamps[i - 1] = redis.call('GET', KEYS[i]) or '' end
local now = redis.call('TIME')
local left = tonumber(ARGV[4]) - now[1] * 1000 - math.floor(now[2] / 1000)
if table.concat(stamps, ',') ~= ARGV[6] or left <= 0 then
  redis.call('HDEL', KEYS[1], ARGV[1])
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
if ARGV[5] == '1' then
  redis.call('HPEXPIREAT', KEYS[1], ARGV[4], 'FIELDS', 1, ARGV[1])
elseif redis.call('PTTL', KEYS[1]) < left then
  redis.call('PEXPIREAT', KEYS[1], ARGV[4])
end
return 1
"""
