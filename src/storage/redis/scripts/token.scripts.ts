import { script } from '../redis-script.js';

/** The acts of `TokenStore`. Each begins by naming its arguments; `ARGV[1]` is the prefix. */

/**
 * What a token is worth. Generations decide; time only bounds the grace window, counted from when the token's successor
 * was issued. Reuse ends the session here, in the same act.
 */
const JUDGE = `
local function judge(digest, grace)
  local token = redis.call('HMGET', tokenKey(digest), 'session', 'generation', 'replacedAt')
  local s = token[1] and find(token[1])
  if not s then return 'unknown' end
  if s.state ~= 'live' then return s.state, s end
  local generation, replacedAt = tonumber(token[2]), tonumber(token[3])
  if generation == s.generation then return 'current', s end
  if replacedAt and now < replacedAt + grace then
    return generation == s.generation - 1 and 'predecessor' or 'superseded', s
  end
  finish(s, 'token_reused')
  return 'reused', s
end

local function refusal(verdict, s)
  if verdict == 'unknown' then return { 'unknown' } end
  return { verdict, s.id, s.userId }
end
`;

export const USE = script(
  'token_use',
  `${JUDGE}
local digest, grace, idle, interval = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local worth, s = judge(digest, grace)
if worth ~= 'current' and worth ~= 'predecessor' then return refusal(worth, s) end
touch(s, idle, interval)
return { 'held', s.id, s.fields }`,
);

export const ROTATE = script(
  'token_rotate',
  `${JUDGE}
local digest, grace, idle = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local successor, salt, mode, transport = unpack(ARGV, 5, 8)
local worth, s = judge(digest, grace)
if worth == 'predecessor' then return { 'replayed', s.id, s.fields } end
if worth ~= 'current' then return refusal(worth, s) end
if redis.call('EXISTS', tokenKey(successor)) > 0 then
  return redis.error_reply('ERR There is a token with this digest already')
end

if s.mode ~= mode then redis.call('ZREM', liveKey(s.mode), s.id) end
s.mode = mode
redis.call('HSET', tokenKey(digest), 'replacedAt', int(now))
redis.call('HSET', tokenKey(successor), 'session', s.id, 'generation', int(s.generation + 1))
redis.call('PEXPIRE', tokenKey(successor), int(s.expiresAt - now + REMEMBERED))
redis.call('HSET', sessionKey(s.id), 'generation', int(s.generation + 1), 'salt', salt, 'mode', mode,
  'transport', transport)
extend(s, idle)
return { 'rotated', s.id, s.fields }`,
);

export const END_BY = script(
  'token_end_by',
  `
local digest, reason = ARGV[2], ARGV[3]
local id = redis.call('HGET', tokenKey(digest), 'session')
local s = id and find(id)
if not s then return false end
return ending(s, reason)`,
);
