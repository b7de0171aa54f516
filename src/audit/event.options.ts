/** What an application may hear of, and what it is told. Ids and words alone: whoever wants more asks the stores. */
export interface SallyportEventMap {
  /** A login has opened a session. */
  sessionOpened: { readonly userId: string; readonly sessionId: string };
  /** A session is over before its time, for this reason. A session that merely ran out is told to nobody. */
  sessionEnded: { readonly userId: string; readonly sessionId: string; readonly reason: string };
  /** A user was created: somebody has registered, or the application has registered them. */
  userRegistered: { readonly userId: string };
}

export type SallyportEventName = keyof SallyportEventMap;
export type SallyportListener<N extends SallyportEventName> = (event: SallyportEventMap[N]) => unknown;

/** Who an application wants told. */
export abstract class EventOptions {
  abstract readonly on: { readonly [N in SallyportEventName]?: SallyportListener<N> };
}
