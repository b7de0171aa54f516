import {
  DEAD_REMEMBERED_MS,
  ENDED_LATELY_MS,
  FORGOTTEN_AT_ONCE,
  REMEMBERED_GENERATIONS,
} from '../../../sessions/retention.js';

/**
 * What all scripts share. The keys:
 *
 * `session:ID`   hash, the session; it stays for a day after its death
 * `token:DIGEST` hash, the session and generation of a token, and when its successor was issued
 * `tokens:ID`    sorted set of the digests of a session's tokens by generation
 * `user:ID`      sorted set of the user's sessions by the time at which they run out; those ended are not in it
 * `live:MODE`    sorted set of all sessions by the time at which they run out; those ended are not in it
 * `ended`        sorted set of the sessions that were ended, by the time at which they were
 * `over:ID`      the same for one user, for as long as access tokens of those sessions may live
 * `probe`        nothing; it is written when readiness is asked for, to find out whether the server takes writes
 *
 * Fields and `now` decide. The server's own expiry only forgets what has been decided for a day.
 */
export const PRELUDE = `
local REMEMBERED = ${DEAD_REMEMBERED_MS}
local LATELY = ${ENDED_LATELY_MS}
local GENERATIONS = ${REMEMBERED_GENERATIONS}
local ended = prefix .. 'ended'
local function sessionKey(id) return prefix .. 'session:' .. id end
local function tokenKey(digest) return prefix .. 'token:' .. digest end
local function tokensKey(id) return prefix .. 'tokens:' .. id end
local function userKey(id) return prefix .. 'user:' .. id end
local function overKey(id) return prefix .. 'over:' .. id end
local function liveKey(mode) return prefix .. 'live:' .. mode end

-- Lua itself writes large numbers as 1.7e+12.
local function int(number) return string.format('%.0f', number) end

local NUMBERS = { 'authEpoch', 'generation', 'lastSeenAt', 'idleExpiresAt', 'expiresAt', 'endedAt', 'rotatedAt' }

-- Nil when there is none, or when it has been dead for longer than is remembered.
local function find(id)
  local fields = redis.call('HGETALL', sessionKey(id))
  if #fields == 0 then return nil end
  local s = { id = id, fields = fields }
  for i = 1, #fields, 2 do s[fields[i]] = fields[i + 1] end
  for _, name in ipairs(NUMBERS) do s[name] = tonumber(s[name]) end
  s.runsOutAt = math.min(s.idleExpiresAt, s.expiresAt)
  if now >= (s.endedAt or s.runsOutAt) + REMEMBERED then return nil end
  if s.endedAt then s.state = 'revoked' elseif now >= s.runsOutAt then s.state = 'expired' else s.state = 'live' end
  return s
end

-- An index stays as long as the last of its members is remembered.
local function index(key, s)
  redis.call('ZADD', key, int(s.runsOutAt), s.id)
  local last = redis.call('ZRANGE', key, -1, -1, 'WITHSCORES')
  redis.call('PEXPIRE', key, int(last[2] - now + REMEMBERED))
end

local function keep(s)
  redis.call('PEXPIRE', sessionKey(s.id), int(s.runsOutAt - now + REMEMBERED))
  index(userKey(s.userId), s)
  index(liveKey(s.mode), s)
end

-- Counts a use. Only for a live session; the absolute end stays where it is.
local function extend(s, idle)
  s.runsOutAt = math.min(now + idle, s.expiresAt)
  redis.call('HSET', sessionKey(s.id), 'lastSeenAt', int(now), 'idleExpiresAt', int(s.runsOutAt))
  s.fields = redis.call('HGETALL', sessionKey(s.id))
  keep(s)
end

-- After the window nobody is handed the current token again, so that nothing needs to make it of its predecessor.
local function touch(s, idle, interval, grace)
  if now - s.lastSeenAt < interval then return end
  extend(s, idle)
  if s.rotatedAt and now >= s.rotatedAt + grace then redis.call('HDEL', sessionKey(s.id), 'salt', 'rotatedAt') end
end

-- A token and its session. Nil when nobody knows it, or when too many generations have followed it and its window is over.
local function tokenOf(digest, grace)
  local found = redis.call('HMGET', tokenKey(digest), 'session', 'generation', 'replacedAt')
  local s = found[1] and find(found[1])
  if not s then return nil end
  local token = { generation = tonumber(found[2]), replacedAt = tonumber(found[3]) }
  token.isInWindow = token.replacedAt and now < token.replacedAt + grace
  if token.generation <= s.generation - GENERATIONS and not token.isInWindow then return nil end
  return token, s
end

local function addToken(s, digest, generation)
  redis.call('HSET', tokenKey(digest), 'session', s.id, 'generation', int(generation))
  redis.call('ZADD', tokensKey(s.id), int(generation), digest)
  for _, key in ipairs({ tokenKey(digest), tokensKey(s.id) }) do
    redis.call('PEXPIRE', key, int(s.expiresAt - now + REMEMBERED))
  end
end

-- Deletes a few of the tokens that a rotation has made forgotten.
local function forgetTokens(s, generation, grace)
  local old = redis.call('ZRANGEBYSCORE', tokensKey(s.id), '-inf', int(generation - GENERATIONS), 'LIMIT', 0, ${FORGOTTEN_AT_ONCE})
  for _, digest in ipairs(old) do
    local replacedAt = tonumber(redis.call('HGET', tokenKey(digest), 'replacedAt') or 0)
    if now >= replacedAt + grace then
      redis.call('DEL', tokenKey(digest))
      redis.call('ZREM', tokensKey(s.id), digest)
    end
  end
end

-- Only for a live session. ZREM comes first: a full server refuses a script whose first write needs memory, and ending a
-- session must work on a full server too.
local function finish(s, reason)
  redis.call('ZREM', userKey(s.userId), s.id)
  redis.call('ZREM', liveKey(s.mode), s.id)
  redis.call('HSET', sessionKey(s.id), 'endedAt', int(now), 'endReason', reason)
  redis.call('PEXPIRE', sessionKey(s.id), REMEMBERED)
  redis.call('ZADD', ended, int(now), s.id)
  redis.call('PEXPIRE', ended, REMEMBERED)
  redis.call('ZADD', overKey(s.userId), int(now), s.id)
  redis.call('ZREMRANGEBYSCORE', overKey(s.userId), '-inf', int(now - LATELY))
  redis.call('PEXPIRE', overKey(s.userId), LATELY)
end

-- Ends a session if it lives; says what became of it.
local function ending(s, reason)
  if s.state ~= 'live' then return { s.id, s.userId, s.state } end
  finish(s, reason)
  return { s.id, s.userId, 'ended' }
end

-- The user's live sessions. Whatever else is in their index leaves it.
local function liveOf(userId)
  local live = {}
  for _, id in ipairs(redis.call('ZRANGE', userKey(userId), 0, -1)) do
    local s = find(id)
    if s and s.state == 'live' then live[#live + 1] = s else redis.call('ZREM', userKey(userId), id) end
  end
  return live
end

-- Forgets up to \`limit\` sessions of an index that have been dead for longer than is remembered.
local function forget(key, limit)
  local old = redis.call('ZRANGEBYSCORE', key, '-inf', int(now - REMEMBERED), 'LIMIT', 0, limit)
  for _, id in ipairs(old) do
    redis.call('DEL', sessionKey(id), tokensKey(id))
    redis.call('ZREM', key, id)
  end
  return #old
end`;
