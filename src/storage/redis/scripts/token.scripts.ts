import { script } from '../redis-script.js';

/** The acts of `TokenStore`. Each begins by naming its arguments; `ARGV[1]` is the prefix. */

/**
 * What a token is worth. Generations decide; time only bounds the grace window, counted from when the token's successor
 * was issued. Reuse ends the session here, in the same act.
 */
const JUDGE = `
local function judge(digest, grace)
  local token, s = tokenOf(digest, grace)
  if not token then return 'unknown' end
  if s.state ~= 'live' then return s.state, s end
  if token.generation == s.generation then return 'current', s end
  if token.isInWindow then return token.generation == s.generation - 1 and 'predecessor' or 'superseded', s end
  finish(s, 'token_reused')
  return 'reused', s
end

local function refusal(verdict, s)
  if verdict == 'unknown' then return { 'unknown' } end
  return { verdict, s.id, s.userId }
end
`;

/** Redis 6 raises the reply as a text with the line before it, Redis 7 as a table. */
const IS_NOT_WRITABLE = `
local function isNotWritable(fault)
  local text = type(fault) == 'table' and fault.err or tostring(fault)
  return text:find('OOM') or text:find('READONLY') or text:find('MISCONF')
end
`;

export const USE = script(
  'token_use',
  `${JUDGE}${IS_NOT_WRITABLE}
local digest, grace, idle, interval = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local worth, s = judge(digest, grace)
if worth ~= 'current' and worth ~= 'predecessor' then return refusal(worth, s) end
-- A use that cannot be written down is a use all the same: a server that is full or read-only still says who holds a token.
local written, fault = pcall(touch, s, idle, interval, grace)
if not written and not isNotWritable(fault) then error(fault) end
return { 'held', s.id, s.fields }`,
);

/** As many rotations back as the quota (0: no limit), a token must have been replaced longer ago than the window. */
const WAIT = `
local function waitForRotation(s, quota, window)
  local generation = s.generation - quota
  if quota == 0 or generation < 0 then return 0 end
  local digest = redis.call('ZRANGEBYSCORE', tokensKey(s.id), int(generation), int(generation))[1]
  local replacedAt = digest and redis.call('HGET', tokenKey(digest), 'replacedAt')
  return replacedAt and tonumber(replacedAt) + window - now or 0
end
`;

export const ROTATE = script(
  'token_rotate',
  `${JUDGE}${WAIT}
local digest, grace, idle = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local successor, salt, mode, transport = unpack(ARGV, 5, 8)
local quota, window = tonumber(ARGV[9]), tonumber(ARGV[10])
local worth, s = judge(digest, grace)
if worth == 'predecessor' then return { 'replayed', s.id, s.fields } end
if worth ~= 'current' then return refusal(worth, s) end
local wait = waitForRotation(s, quota, window)
if wait > 0 then return { 'too_fast', s.id, s.userId, wait } end
if redis.call('EXISTS', tokenKey(successor)) > 0 then
  return redis.error_reply('ERR There is a token with this digest already')
end

if s.mode ~= mode then redis.call('ZREM', liveKey(s.mode), s.id) end
s.mode = mode
redis.call('HSET', tokenKey(digest), 'replacedAt', int(now))
addToken(s, successor, s.generation + 1)
redis.call('HSET', sessionKey(s.id), 'generation', int(s.generation + 1), 'salt', salt, 'rotatedAt', int(now),
  'mode', mode, 'transport', transport)
extend(s, idle)
forgetTokens(s, s.generation + 1, grace)
return { 'rotated', s.id, s.fields }`,
);

export const END_BY = script(
  'token_end_by',
  `
local digest, reason, grace = ARGV[2], ARGV[3], tonumber(ARGV[4])
local token, s = tokenOf(digest, grace)
if not token then return false end
return ending(s, reason)`,
);
