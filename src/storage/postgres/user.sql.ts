import { told, TOLD } from './audit.sql.js';
import { statement } from './statements.js';

const COLUMNS = 'id, email, name, roles, status, auth_epoch, created_at';

/** Whoever moves it ends the user's sessions afterwards, by name. A login waits for this row, and then finds the epoch moved. */
const MOVES_EPOCH = 'auth_epoch = auth_epoch + 1, epoch_moved_at = sallyport.sallyport_now()';

/** Changes a user by `act`, which gives the user back, and tells `telling` of it. */
const toldOf = (act: string, telling: string): string => `
  WITH changed AS (
    ${act} RETURNING ${COLUMNS}
  ), ${told(`SELECT ${telling}::jsonb AS telling, c.id AS user_id, NULL::uuid AS session_id, NULL::integer AS count FROM changed c`)}
  SELECT c.*, ${TOLD} FROM changed c`;

/** $5 what to tell. */
export const CREATE = statement(
  'user_create',
  toldOf(
    `INSERT INTO sallyport.users (id, email, name, password_hash) VALUES ($1, $2, $3, $4) ON CONFLICT (email) DO NOTHING`,
    '$5',
  ),
);

export const FIND = statement('user_find', `SELECT ${COLUMNS} FROM sallyport.users WHERE id = $1`);

export const FIND_BY_EMAIL = statement(
  'user_by_email',
  `SELECT ${COLUMNS}, password_hash FROM sallyport.users WHERE email = $1`,
);

export const FIND_WITH_PASSWORD = statement(
  'user_with_password',
  `SELECT ${COLUMNS}, password_hash FROM sallyport.users WHERE id = $1`,
);

export const PAGE = statement(
  'user_page',
  `SELECT ${COLUMNS} FROM sallyport.users WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`,
);

export const RENAME = statement(
  'user_rename',
  `UPDATE sallyport.users SET name = $2 WHERE id = $1 RETURNING ${COLUMNS}`,
);

/** $1 user, $2 the hash that was verified, $3 the same password hashed anew. */
export const REHASH = statement(
  'user_rehash',
  'UPDATE sallyport.users SET password_hash = $3 WHERE id = $1 AND password_hash = $2',
);

/** $1 user, $2 the epoch under which the old password was verified, $3 the new hash, $4 what to tell. */
export const CHANGE_PASSWORD = statement(
  'user_change_password',
  toldOf(`UPDATE sallyport.users SET password_hash = $3, ${MOVES_EPOCH} WHERE id = $1 AND auth_epoch = $2`, '$4'),
);

/** $1 e-mail, $2 role, $3 what to tell. */
export const GRANT_ROLE = statement(
  'user_grant_role',
  toldOf(
    `UPDATE sallyport.users SET roles = roles || $2::text, ${MOVES_EPOCH}
   WHERE email = $1 AND NOT $2::text = ANY (roles)`,
    '$3',
  ),
);

/** $1 e-mail, $2 role, $3 what to tell. */
export const TAKE_ROLE = statement(
  'user_take_role',
  toldOf(
    `UPDATE sallyport.users SET roles = array_remove(roles, $2::text), ${MOVES_EPOCH}
   WHERE email = $1 AND $2::text = ANY (roles)`,
    '$3',
  ),
);

/** $1 e-mail, $2 status, $3 what to tell. */
export const SET_STATUS = statement(
  'user_set_status',
  toldOf(`UPDATE sallyport.users SET status = $2, ${MOVES_EPOCH} WHERE email = $1 AND status <> $2`, '$3'),
);

/** Always one row at least, so that the clock comes with the answer. */
export const CHANGED_SINCE = statement(
  'user_changed_since',
  `SELECT c.id, c.auth_epoch, c.epoch_moved_at, t.as_of FROM (SELECT sallyport.sallyport_now() AS as_of) t
   LEFT JOIN LATERAL (
     SELECT id, auth_epoch, epoch_moved_at FROM sallyport.users WHERE epoch_moved_at >= $1 ORDER BY epoch_moved_at, id LIMIT $2
   ) c ON true ORDER BY c.epoch_moved_at, c.id`,
);

/**
 * Changes nothing, and fails where a user, what is told of an act or what is counted could not be written: the server looks first
 * whether the statement has its rights and may write.
 */
export const PROBE = statement(
  'user_probe',
  `WITH i AS (INSERT INTO sallyport.users SELECT * FROM sallyport.users WHERE false), u AS (UPDATE sallyport.users SET name = name WHERE false),
     a AS (INSERT INTO sallyport.audit_events SELECT * FROM sallyport.audit_events WHERE false),
     l AS (INSERT INTO sallyport.limits SELECT * FROM sallyport.limits WHERE false), t AS (UPDATE sallyport.limits SET hits = hits WHERE false)
   SELECT 1`,
);
