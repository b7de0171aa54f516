import { script } from '../redis-script.js';

/** The acts of `SessionStore`. Each begins by naming its arguments; `ARGV[1]` is the prefix. */

export const OPEN = script(
  'session_open',
  `
local id, digest, policy = ARGV[2], ARGV[3], ARGV[8]
local proved, idle, absolute, max = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
-- The rest are the fields that the login fills in, names and values in turn.
local s = { id = id }
for i = 9, #ARGV, 2 do s[ARGV[i]] = ARGV[i + 1] end

if redis.call('EXISTS', sessionKey(id), tokenKey(digest)) > 0 then
  return redis.error_reply('ERR There is a session with this id, or a token with this digest, already')
end

-- A session of a later epoch shows that the user was changed since this login's proof. Those of earlier epochs are about to be
-- ended and take no room.
local live = {}
for _, other in ipairs(liveOf(s.userId)) do
  if other.authEpoch > tonumber(s.authEpoch) then return { 'user_changed' } end
  if other.authEpoch == tonumber(s.authEpoch) then live[#live + 1] = other end
end
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

-- Each login forgets up to two old entries of each index, so that they do not pile up where nobody sweeps.
forget(liveKey(s.mode), 2)
forget(ended, 2)

s.expiresAt = now + absolute
s.runsOutAt = math.min(now + idle, s.expiresAt)
redis.call('HSET', sessionKey(id), 'generation', 0, 'authTime', int(now - proved), 'createdAt', int(now),
  'lastSeenAt', int(now), 'idleExpiresAt', int(s.runsOutAt), 'expiresAt', int(s.expiresAt), unpack(ARGV, 9))
addToken(s, digest, 0)
keep(s)
return { 'opened', id, redis.call('HGETALL', sessionKey(id)), evicted }`,
);

export const FIND = script(
  'session_find',
  `
local s = find(ARGV[2])
if not s then return { 'unknown' } end
return { s.state, s.id, s.fields }`,
);

export const TOUCH = script(
  'session_touch',
  `
local s = find(ARGV[2])
if s and s.state == 'live' then touch(s, tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])) end
return 0`,
);

export const LIST = script(
  'session_list',
  `
local sessions = {}
for i, s in ipairs(liveOf(ARGV[2])) do sessions[i] = { s.id, s.fields } end
return sessions`,
);

export const END = script(
  'session_end',
  `
local userId, id, reason = ARGV[2], ARGV[3], ARGV[4]
local s = find(id)
if not s or s.userId ~= userId then return false end
return ending(s, reason)`,
);

const endWhere = (condition: string): string => `
local userId, bound, reason = ARGV[2], ARGV[3], ARGV[4]
local over = redis.call('ZRANGEBYSCORE', overKey(userId), int(now - LATELY), '+inf')
local gone = {}
for _, s in ipairs(liveOf(userId)) do
  if ${condition} then
    finish(s, reason)
    gone[#gone + 1] = s.id
  end
end
return { gone, over }`;

export const END_OTHERS = script('session_end_others', endWhere('s.id ~= bound'));
export const END_OLDER = script('session_end_older', endWhere('s.authEpoch < tonumber(bound)'));

export const ENDED_SINCE = script(
  'session_ended_since',
  `
local since = math.max(tonumber(ARGV[2]), now - REMEMBERED + 1)
return { now, redis.call('ZRANGEBYSCORE', ended, int(since), '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3]) }`,
);

export const COUNT_BY_MODE = script(
  'session_count_by_mode',
  `
local function count(mode) return redis.call('ZCOUNT', liveKey(mode), '(' .. int(now), '+inf') end
return { count('session'), count('jwt') }`,
);

export const SWEEP = script(
  'session_sweep',
  `
local batch, forgotten = tonumber(ARGV[2]), 0
for _, key in ipairs({ ended, liveKey('session'), liveKey('jwt') }) do
  forgotten = forgotten + forget(key, batch - forgotten)
end
return forgotten`,
);
