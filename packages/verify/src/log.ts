/** Where it is told what an operator should know, in one sentence each: the console, pino, or what else has these three. */
export interface VerifyLog {
  info(sentence: string): void;
  warn(sentence: string): void;
  error(sentence: string): void;
}
