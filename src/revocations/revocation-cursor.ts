import { ENDED_LATELY_MS } from '../sessions/retention.js';

/** How far each store has been read, in milliseconds since 1970 by its own clock. Sessions and users may be kept by two stores. */
export interface ReadUpTo {
  readonly sessions: number;
  readonly users: number;
}

/** Another instance may have learned of an event later than this one, so whoever resumes is told this much again. */
export const RESUME_OVERLAP_MS = 30_000;
const CURSOR = /^(\d{1,15})\.(\d{1,15})$/;

/** The cursor of a follower who knows everything up to there; opaque to the follower. */
export function writeCursor({ sessions, users }: ReadUpTo): string {
  return Buffer.from(`${sessions}.${users}`).toString('base64url');
}

/** Null when the cursor is malformed, older than what is remembered, or in the future of `now`. */
export function readCursor(cursor: string, now: ReadUpTo): ReadUpTo | null {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, sessions, users] = CURSOR.exec(text) ?? [];
  if (!sessions || !users || Buffer.from(text).toString('base64url') !== cursor) return null;
  const from = { sessions: Number(sessions), users: Number(users) };
  return isCovered(from.sessions, now.sessions) && isCovered(from.users, now.users) ? from : null;
}

/** A little ahead is another instance that asked a moment later; more is a store whose clock was set back. */
function isCovered(from: number, now: number): boolean {
  return from >= now - ENDED_LATELY_MS + RESUME_OVERLAP_MS && from <= now + RESUME_OVERLAP_MS;
}
