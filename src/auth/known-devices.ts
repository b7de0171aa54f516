import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { cookieValues } from '@sallyport/verify/rules';
import { KeyedHash } from '../core/keyed-hash.js';
import type { CookieOrder } from '../http/answer.js';
import { CookieNames } from '../http/cookie-names.js';
import { HttpOptions } from '../http/http.options.js';
import { PublicPaths } from '../http/public-paths.js';
import type { RequestView } from '../http/request-view.js';
import { LimitOptions } from '../limits/limits.options.js';
import type { KnownDevice } from '../users/login-attempt.js';
import type { User } from '../users/user.js';

const REMEMBERED_SECONDS = 180 * 24 * 60 * 60;
const NONCE_BYTES = 16;
const SHAPE = /^([A-Za-z0-9_-]{22})\.(\d{1,10})\.([A-Za-z0-9_-]{43})$/;
/** A sibling host can plant cookies of this name, and cannot make one: so a few are tried. */
const MOST_COOKIES = 3;

/**
 * Knows a device again that somebody has logged in on, by a cookie: a random name of the device, the epoch of its user, and a keyed
 * hash of both and the account. It opens nothing and says nothing of who they are; it only keeps failed logins of strangers from counting against
 * that device (R4.2). Only a browser has one: whoever logs in by bearer is a stranger each time.
 */
@Injectable()
export class KnownDevices {
  constructor(
    private readonly hash: KeyedHash,
    private readonly names: CookieNames,
    private readonly http: HttpOptions,
    private readonly limits: LimitOptions,
    private readonly paths: PublicPaths,
  ) {}

  /**
   * The device, if this account has logged in on it before, as it says. Null for a stranger: no cookie, or none that was made here.
   * Whether the user has been changed since is not known yet.
   */
  of(request: RequestView, email: string): KnownDevice | null {
    for (const value of cookieValues(request, this.names.device).slice(0, MOST_COOKIES)) {
      const [, name, epoch, proof] = SHAPE.exec(value) ?? [];
      if (name === undefined || epoch === undefined || proof === undefined) continue;
      const device = { name, authEpoch: Number(epoch) };
      if (timingSafeEqual(Buffer.from(proof, 'base64url'), this.proofOf(device, email))) return device;
    }
    return null;
  }

  /** What the device is to keep after a login or a new password: the name that it has, for longer, or one of its own. Nothing while limits are off. */
  cookiesAfterLogin(request: RequestView, { email, authEpoch }: Pick<User, 'email' | 'authEpoch'>): CookieOrder[] {
    if (!this.limits.areOn) return [];
    const name = this.of(request, email)?.name ?? randomBytes(NONCE_BYTES).toString('base64url');
    const proof = this.proofOf({ name, authEpoch }, email).toString('base64url');
    return [
      {
        name: this.names.device,
        value: `${name}.${authEpoch}.${proof}`,
        path: this.paths.path('/auth/login'),
        sameSite: 'strict',
        secure: this.http.cookieSecure,
        maxAgeSeconds: REMEMBERED_SECONDS,
      },
    ];
  }

  private proofOf({ name, authEpoch }: KnownDevice, email: string): Buffer {
    return this.hash.of('device', `${name} ${authEpoch} ${email}`);
  }
}
