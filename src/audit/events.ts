import { Injectable, Logger } from '@nestjs/common';
import { failureName } from '../core/failure-name.js';
import type { AuditEntry } from './audit-entry.js';
import type { AuditEvent } from './audit-event.js';
import {
  EventOptions,
  type SallyportEventMap,
  type SallyportEventName,
  type SallyportListener,
} from './event.options.js';

/** The part of Nest's `EventEmitter2` that is needed to hand events on to it. */
export interface EmitsEvents {
  emit(name: string, event: object): unknown;
}

const NAMES: Partial<Record<AuditEvent, SallyportEventName>> = {
  authn_login_success: 'sessionOpened',
  authn_token_revoked: 'sessionEnded',
  authn_token_reuse: 'sessionEnded',
  user_created: 'userRegistered',
};

/**
 * Tells an application what has happened, once it has been carried out, on the instance that did it, and at most once: what must not
 * be missed is in the audit trail. A listener keeps nobody waiting, and what it throws is a line of the log.
 *
 * @example
 * events.on('sessionEnded', ({ userId, reason }) => sockets.closeAllOf(userId, reason));
 * events.forward(eventEmitter2); // as 'sallyport.sessionEnded'
 */
@Injectable()
export class SallyportEvents {
  private readonly logger = new Logger('events');
  private readonly listeners = new Set<(name: SallyportEventName, event: object) => unknown>();

  constructor({ on }: EventOptions) {
    for (const [name, listener] of Object.entries(on)) this.on(name as SallyportEventName, listener as never);
  }

  /** Returns how to stop listening. */
  on<N extends SallyportEventName>(wanted: N, listener: SallyportListener<N>): () => void {
    return this.hearing((name, event) => name === wanted && listener(event as SallyportEventMap[N]));
  }

  /** Every event under its name after `sallyport.`, to Nest's `EventEmitter2`, say. Returns how to stop. */
  forward(emitter: EmitsEvents): () => void {
    return this.hearing((name, event) => emitter.emit(`sallyport.${name}`, event));
  }

  /** Called for each entry of the audit trail that this instance has caused. */
  tell({ event, userId, sessionId, reason }: AuditEntry): void {
    const name = NAMES[event];
    if (name === undefined || this.listeners.size === 0) return;
    const told = { userId, ...(sessionId !== undefined && { sessionId }), ...(name === 'sessionEnded' && { reason }) };
    for (const listener of this.listeners) void this.call(listener, name, told);
  }

  private hearing(listener: (name: SallyportEventName, event: object) => unknown): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async call(
    listener: (name: SallyportEventName, event: object) => unknown,
    name: SallyportEventName,
    event: object,
  ): Promise<void> {
    try {
      await listener(name, event);
    } catch (error) {
      this.logger.error({ listenerFailed: name, cause: failureName(error) });
    }
  }
}
