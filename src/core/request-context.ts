import { AsyncLocalStorage } from 'node:async_hooks';

/** What tells one request from all others, here and in the services around. */
export interface RequestIds {
  readonly requestId: string;
  /** Of the trace that the request is a part of (W3C Trace Context), when it says so. */
  readonly traceId?: string;
}

/** The request that whatever runs at this moment belongs to. The log reads it, so that nobody has to hand it on. */
export const requestContext = new AsyncLocalStorage<RequestIds>();
