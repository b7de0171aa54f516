import type { RequestView } from '../http/request-view.js';
import { deviceName } from '../sessions/device-name.js';

/** Where a login comes from. */
export interface Device {
  readonly name: string;
  readonly ip: string | null;
}

export function deviceOf(request: RequestView): Device {
  const userAgent = request.headers['user-agent'];
  return {
    name: deviceName(typeof userAgent === 'string' ? userAgent : undefined),
    ip: request.ip?.replace(/^::ffff:(?=\d+\.)/i, '') ?? null,
  };
}
