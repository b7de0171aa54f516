import { deviceName } from '../core/device-name.js';
import { addressOf, type Origin } from '../core/origin.js';
import type { AuditEvent } from './audit-event.js';

/** What an act says of itself. Whoever carries it out adds the user and the session that it turned out to concern. */
export interface Telling {
  readonly event: AuditEvent;
  readonly reason?: string;
  readonly actor?: string;
  readonly requestId?: string;
  readonly address?: string;
  readonly device?: string;
}

/** One row of the audit trail: ids and words of ours, never a credential. */
export interface AuditEntry extends Telling {
  readonly id: string;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly count?: number;
  /** Keyed hash of the name that somebody tried to log in by, where it is nobody's or was not looked up. */
  readonly identifier?: string;
}

export function tellingOf(event: AuditEvent, origin: Origin, reason?: string): Telling {
  const { actor, requestId, userAgent } = origin;
  const address = addressOf(origin) ?? undefined;
  // What has no request, as a command, has no device.
  const device = requestId === undefined ? undefined : deviceName(userAgent);
  return { event, reason, actor, requestId, address, device };
}
