import type { Actors } from './actors.js';
import type { Invariants } from './invariants.js';
import type { Column, Site } from './site.js';

/** What a fault may lay hands on. */
export interface Stage {
  readonly site: Site;
  readonly actors: Actors;
  readonly invariants: Invariants;
}

/** Something that goes wrong under load, and how it comes right again. */
export interface Fault {
  /** The requirement that it is about. */
  readonly id: string;
  readonly name: string;
  /** Where it can happen; everywhere when nothing is said. */
  readonly stores?: readonly Column['store'][];
  readonly inflict: (stage: Stage) => Promise<unknown> | unknown;
  /** How long the load goes on before it is healed. */
  readonly lastsMs?: number;
  readonly heal?: (stage: Stage) => Promise<unknown> | unknown;
  /** Requests may go without an answer: an instance dies, or connections are refused. */
  readonly mayCut?: boolean;
  /** The number of an instance that does not notice: it answers everything. */
  readonly spares?: number;
  /** The store loses every session: none is asked for afterwards, but for those that had ended. */
  readonly forgets?: boolean;
  /** Postgres must have a disk that can be filled. */
  readonly fillsDisk?: boolean;
}
