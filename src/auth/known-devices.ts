import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { KeyedHash } from '../core/keyed-hash.js';
import { CookieNames } from '../http/cookie-names.js';
import { HttpOptions } from '../http/http.options.js';
import { type CookieOrder, cookieValues, type RequestView } from '../http/request-view.js';
import { LimitOptions } from '../limits/limits.options.js';

const REMEMBERED_SECONDS = 180 * 24 * 60 * 60;
const NONCE_BYTES = 16;
const SHAPE = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/**
 * Knows a device again that somebody has logged in on, by a cookie: a random name of the device, and a keyed hash of that name and
 * the account. It opens nothing and says nothing of who they are; it only keeps failed logins of strangers from counting against
 * that device (R4.2). Only a browser has one: whoever logs in by bearer is a stranger each time.
 */
@Injectable()
export class KnownDevices {
  constructor(
    private readonly hash: KeyedHash,
    private readonly names: CookieNames,
    private readonly http: HttpOptions,
    private readonly limits: LimitOptions,
  ) {}

  /** The name of the device, if this account has logged in on it before. Null for a stranger: no cookie, two, or one not made here. */
  of(request: RequestView, email: string): string | null {
    const [value, second] = cookieValues(request, this.names.device);
    const [, name, proof] = SHAPE.exec(value ?? '') ?? [];
    if (second !== undefined || name === undefined || proof === undefined) return null;
    return timingSafeEqual(Buffer.from(proof, 'base64url'), this.proofOf(name, email)) ? name : null;
  }

  /** What the device is to keep after a login: the name that it has, for longer, or one of its own. Nothing while limits are off. */
  cookiesAfterLogin(request: RequestView, email: string): CookieOrder[] {
    if (!this.limits.areOn) return [];
    const name = this.of(request, email) ?? randomBytes(NONCE_BYTES).toString('base64url');
    return [
      {
        name: this.names.device,
        value: `${name}.${this.proofOf(name, email).toString('base64url')}`,
        path: '/auth/login',
        sameSite: 'strict',
        secure: this.http.cookieSecure,
        maxAgeSeconds: REMEMBERED_SECONDS,
      },
    ];
  }

  private proofOf(name: string, email: string): Buffer {
    return this.hash.of('device', `${name} ${email}`);
  }
}
