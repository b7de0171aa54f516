import { Injectable } from '@nestjs/common';
import { HttpOptions } from './http.options.js';

/** What our cookies are called. The prefixes make the browser itself hold to `Secure`, `Path` and the host (RFC 6265bis). */
@Injectable()
export class CookieNames {
  readonly session: string;
  readonly access: string;
  readonly refresh: string;
  /** By which a device is known again at the next login. */
  readonly device: string;

  constructor({ cookieSecure }: HttpOptions) {
    this.session = cookieSecure ? '__Host-sid' : 'sid';
    this.access = cookieSecure ? '__Host-at' : 'at';
    this.refresh = cookieSecure ? '__Secure-rt' : 'rt';
    this.device = cookieSecure ? '__Secure-device' : 'device';
  }

  /** Those that carry a credential. The device's opens nothing: it is not forged with, not logged out with and not cleared. */
  get credentials(): string[] {
    return [this.session, this.access, this.refresh];
  }
}
