import Bowser from 'bowser';
import { addressOf } from '../core/origin.js';
import type { RequestView } from '../http/request-view.js';

const MAX_LENGTH = 100;

/** Where a login comes from. */
export interface Device {
  readonly name: string;
  readonly ip: string | null;
}

export function deviceOf(request: RequestView): Device {
  const userAgent = request.headers['user-agent'];
  return {
    name: deviceName(typeof userAgent === 'string' ? userAgent : undefined),
    ip: addressOf(request),
  };
}

/** A name that a person recognises: "Chrome on Windows", "curl", "Unknown device". */
function deviceName(userAgent: string | undefined): string {
  const text = userAgent
    ?.slice(0, 512)
    .replaceAll(/[^\x20-\x7e]/g, '')
    .trim();
  if (!text) return 'Unknown device';
  const { browser, os } = Bowser.parse(text);
  if (browser.name && os.name) return `${browser.name} on ${os.name}`.slice(0, MAX_LENGTH);
  return (browser.name || os.name || text.split(/[/ ]/, 1)[0] || 'Unknown device').slice(0, MAX_LENGTH);
}
