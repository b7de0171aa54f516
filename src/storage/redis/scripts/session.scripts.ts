/** The acts of `SessionStore`. Each begins by naming its arguments; `ARGV[1]` is the prefix. */

export const OPEN = `
local id, userId, authEpoch, roles, mode, transport, device, ip = unpack(ARGV, 2, 9)
local digest, idle, absolute, max, policy = ARGV[10], tonumber(ARGV[11]), tonumber(ARGV[12]), tonumber(ARGV[13]), ARGV[14]

if redis.call('EXISTS', sessionKey(id), tokenKey(digest)) > 0 then
  return redis.error_reply('ERR There is a session with this id, or a token with this digest, already')
end

local live = liveOf(userId)
local surplus = #live - max + 1
if surplus > 0 and policy == 'reject' then return { 'limit_reached' } end
table.sort(live, function(a, b)
  if a.lastSeenAt ~= b.lastSeenAt then return a.lastSeenAt < b.lastSeenAt end
  return a.id < b.id
end)
local evicted = {}
for i = 1, surplus do
  finish(live[i], 'evicted')
  evicted[i] = live[i].id
end

-- Two out for one in: what the sweep would forget does not pile up where no sweep comes.
forget(liveKey(mode), 2)
forget(ended, 2)

local expiresAt = now + absolute
local runsOutAt = math.min(now + idle, expiresAt)
redis.call('HSET', sessionKey(id), 'userId', userId, 'authEpoch', authEpoch, 'roles', roles, 'mode', mode,
  'transport', transport, 'device', device, 'generation', 0, 'createdAt', int(now), 'lastSeenAt', int(now),
  'idleExpiresAt', int(runsOutAt), 'expiresAt', int(expiresAt))
if ip ~= '' then redis.call('HSET', sessionKey(id), 'ip', ip) end
redis.call('HSET', tokenKey(digest), 'session', id, 'generation', 0)
redis.call('PEXPIRE', tokenKey(digest), int(absolute + REMEMBERED))
keep({ id = id, userId = userId, mode = mode, runsOutAt = runsOutAt })
return { 'opened', id, redis.call('HGETALL', sessionKey(id)), evicted }`;

export const FIND = `
local s = find(ARGV[2])
if not s then return { 'unknown' } end
return { s.state, s.id, s.fields }`;

export const TOUCH = `
local s = find(ARGV[2])
if s and s.state == 'live' then touch(s, tonumber(ARGV[3]), tonumber(ARGV[4])) end
return 0`;

export const LIST = `
local sessions = {}
for i, s in ipairs(liveOf(ARGV[2])) do sessions[i] = { s.id, s.fields } end
return sessions`;

export const END = `
local userId, id, reason = ARGV[2], ARGV[3], ARGV[4]
local s = find(id)
if not s or s.userId ~= userId or s.state ~= 'live' then return 0 end
finish(s, reason)
return 1`;

const endWhere = (condition: string): string => `
local userId, bound, reason = ARGV[2], ARGV[3], ARGV[4]
local gone = {}
for _, s in ipairs(liveOf(userId)) do
  if ${condition} then
    finish(s, reason)
    gone[#gone + 1] = s.id
  end
end
return gone`;

export const END_OTHERS = endWhere('s.id ~= bound');
export const END_OLDER = endWhere('s.authEpoch < tonumber(bound)');

export const ENDED_SINCE = `
local since = math.max(tonumber(ARGV[2]), now - REMEMBERED + 1)
return { now, redis.call('ZRANGEBYSCORE', ended, int(since), '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3]) }`;

export const COUNT_BY_MODE = `
local function count(mode) return redis.call('ZCOUNT', liveKey(mode), '(' .. int(now), '+inf') end
return { count('session'), count('jwt') }`;

export const SWEEP = `
local batch, forgotten = tonumber(ARGV[2]), 0
for _, key in ipairs({ ended, liveKey('session'), liveKey('jwt') }) do
  forgotten = forgotten + forget(key, batch - forgotten)
end
return forgotten`;
