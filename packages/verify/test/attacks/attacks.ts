import { STRANGE_CLAIMS } from './claims.attacks.js';
import { type Forge } from './forgery.js';
import { STRANGE_HEADERS } from './header.attacks.js';
import { UNSIGNED } from './signature.attacks.js';
import { LINE_BROKEN, RESPELLED } from './spelling.attacks.js';

type Attacks = Readonly<Record<string, Forge>>;

/** The bad tokens that a client can send in a header. */
export const SENDABLE_ATTACKS: Attacks = { ...UNSIGNED, ...RESPELLED, ...STRANGE_HEADERS, ...STRANGE_CLAIMS };

/**
 * Every bad token, by what is wrong with it: "a token with …". Whoever takes access tokens, the backend and each service behind
 * it, must refuse all of them as `token_invalid`.
 */
export const ATTACKS: Attacks = { ...SENDABLE_ATTACKS, ...LINE_BROKEN };
