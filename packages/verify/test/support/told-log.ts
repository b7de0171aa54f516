import { type VerifyLog } from '../../src/log.js';

/** What an operator was told. */
export class ToldLog implements VerifyLog {
  readonly told: string[] = [];

  info(sentence: string): void {
    this.told.push(sentence);
  }

  warn(sentence: string): void {
    this.told.push(sentence);
  }

  error(sentence: string): void {
    this.told.push(sentence);
  }
}
