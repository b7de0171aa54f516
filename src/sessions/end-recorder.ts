import { Injectable } from '@nestjs/common';
import { EndedLately } from './ended-lately.js';
import { RevocationAnnouncer } from './revocation.announcer.js';
import type { Ending, Endings } from './session.store.js';
import type { TokenRefusal } from './token.store.js';

/**
 * What follows from the end of a session, whichever act ended it and before that act is answered: the session is refused here,
 * and other instances are given a hint. A session that somebody else had ended is refused here, too.
 */
@Injectable()
export class EndRecorder {
  constructor(
    private readonly ended: EndedLately,
    private readonly announcer: RevocationAnnouncer,
  ) {}

  record({ ended, over }: Endings): void {
    this.ended.add(over);
    if (ended.length === 0) return;
    this.ended.add(ended);
    this.announcer.announce();
  }

  /** The store has ended the session of a reused token in the act that found the reuse. */
  recordRefusal(refusal: TokenRefusal): void {
    if (refusal.verdict === 'reused') this.recordOne({ ...refusal, outcome: 'ended' });
    if (refusal.verdict === 'revoked') this.recordOne({ ...refusal, outcome: 'revoked' });
  }

  recordOne({ sessionId, outcome }: Pick<Ending, 'sessionId' | 'outcome'>): void {
    const [ended, over] = outcome === 'ended' ? [[sessionId], []] : [[], [sessionId]];
    this.record({ ended, over });
  }
}
