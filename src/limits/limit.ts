/** At most `quota` counts within any `seconds`: the window slides. */
export interface Window {
  readonly quota: number;
  readonly seconds: number;
}

/** After `after` counts a wait of `firstSeconds`, doubled by each further count; forgotten once no count came for a time. */
export interface BackOff {
  readonly after: number;
  readonly firstSeconds: number;
  readonly longestSeconds: number;
  readonly forgottenAfterSeconds: number;
}

export interface Limit {
  /** What is counted, as the documentation says it. */
  readonly counts: string;
  /** What has a bucket of its own. */
  readonly by: string;
  readonly rule: { readonly windows: readonly [Window, ...Window[]] } | { readonly backOff: BackOff };
  /** What becomes of a bucket when the act that was counted succeeds. */
  readonly onSuccess: 'keep' | 'give back' | 'clear';
  /** Whether a refusal says which limit was met. Of an account nothing is told: that would say who else is trying it. */
  readonly isTold: boolean;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Five tries, as somebody makes who has forgotten which password it was. */
const TRIES: Limit['rule'] = { windows: [{ quota: 5, seconds: 15 * MINUTE }] };

/**
 * How often the token of a session may be replaced. Nothing is counted for it: the stores of the sessions remember the last
 * `REMEMBERED_GENERATIONS` (`sessions/retention.ts`, at least two more than this quota), and when each was replaced.
 */
export const ROTATIONS: Window = { quota: 30, seconds: MINUTE };

/** Every limit. The table in the README is made from this one. */
export const LIMITS = {
  'login-source': {
    counts: 'attempts to log in; one that succeeds is given back',
    by: 'source',
    rule: {
      windows: [
        { quota: 20, seconds: MINUTE },
        { quota: 200, seconds: HOUR },
      ],
    },
    onSuccess: 'give back',
    isTold: true,
  },
  'login-account-source': {
    counts: 'failed logins; a login clears them',
    by: 'account and source',
    rule: TRIES,
    onSuccess: 'clear',
    isTold: false,
  },
  'login-account': {
    counts: 'failed logins in a row; a login clears them',
    by: 'account, whatever the source',
    rule: {
      backOff: { after: 10, firstSeconds: MINUTE, longestSeconds: 15 * MINUTE, forgottenAfterSeconds: DAY },
    },
    onSuccess: 'clear',
    isTold: false,
  },
  'login-device': {
    counts: 'failed logins of a known device, in place of the two limits above; a login clears them',
    by: 'account and device',
    rule: TRIES,
    onSuccess: 'clear',
    isTold: false,
  },
  'register-source': {
    counts: 'registrations that a password was hashed for',
    by: 'source',
    rule: { windows: [{ quota: 10, seconds: HOUR }] },
    onSuccess: 'keep',
    isTold: true,
  },
  'password-change': {
    counts: 'wrong current passwords; a right one clears them',
    by: 'user',
    rule: TRIES,
    onSuccess: 'clear',
    isTold: true,
  },
  'refresh-session': {
    counts: 'rotations; a repeated refresh inside the grace window is none',
    by: 'session',
    rule: { windows: [ROTATIONS] },
    onSuccess: 'keep',
    isTold: true,
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;

export function limitOf(name: LimitName): Limit {
  return LIMITS[name];
}
