import type { AuthMode, Transport } from '../../src/core/credential.js';

interface Difference {
  /** What a user of the product is told of it. */
  readonly what: string;
  readonly holdsIn: (column: { mode: AuthMode; transport: Transport; store: string }) => boolean;
}

/** Everything that the switch changes. A scenario that is missing in a column and does not name one of these is a failure. */
export const DIFFERENCES = {
  'an access token runs out before its session does': {
    what: 'A JWT cannot be lengthened once it is signed, so its client refreshes every few minutes; a session token goes on with use.',
    holdsIn: ({ mode }) => mode === 'jwt',
  },
  'a replaced session token is seen on every route': {
    what: 'The session token is itself what a refresh replaces, so an old one is noticed wherever it is used; a refresh token only ever goes to /auth/refresh.',
    holdsIn: ({ mode }) => mode === 'session',
  },
  'cookies are only in the cookie transport': {
    what: 'The bearer transport sets no cookie.',
    holdsIn: ({ transport }) => transport === 'cookie',
  },
  'tokens are in the body only in the bearer transport': {
    what: 'The cookie transport hides its tokens from scripts.',
    holdsIn: ({ transport }) => transport === 'bearer',
  },
  'a memory store belongs to one instance': {
    what: 'It is for trying things out: a second instance has sessions of its own.',
    holdsIn: ({ store }) => store !== 'memory',
  },
} satisfies Record<string, Difference>;

export type DifferenceName = keyof typeof DIFFERENCES;
