import type { RevocationEvent } from '../revocations/revocation-event.js';

/** What the feed tells. A follower ignores a type that it does not know. */
export type FeedEvent = RevocationEvent | KeyRetired;

/** No token that this key has signed is believed any more, whatever copy of the key set somebody keeps. */
export interface KeyRetired {
  readonly type: 'key-retired';
  readonly kid: string;
}
