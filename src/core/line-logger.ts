import type { LoggerService } from '@nestjs/common';
import { jsonLine, plainLine } from './log-line.js';

/** The context of the log's lines that are the audit trail. They are written whatever `LOG_LEVEL` says. */
export const AUDIT = 'audit';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

/** How Nest puts itself together: of interest to whoever debugs that, and to nobody else. */
const ASSEMBLY = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);
/** What fails at start is thrown to the entry point, which explains it; Nest would tell it as well, with its stack. */
const EXPLAINED = 'ExceptionHandler';

/** Where lines go: a stream of the process, or what stands for one. */
export interface LineStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * One line for each thing told: an object of JSON, or columns where a person looks on. The audit trail is written whatever the least
 * level is.
 */
class LineLogger implements LoggerService {
  constructor(
    private readonly least: Level,
    private readonly stream: LineStream,
  ) {}

  log(message: unknown, ...rest: unknown[]): void {
    const context = contextOf(rest);
    this.write(ASSEMBLY.has(context) ? 'debug' : 'info', message, context);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, contextOf(rest));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, contextOf(rest));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.debug(message, ...rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    const context = contextOf(rest);
    if (context === EXPLAINED) return;
    // Nest hands a stack on between the two.
    this.write('error', message, context, rest.length > 1 ? rest[0] : undefined);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }

  private write(level: Level, message: unknown, context: string, stack?: unknown): void {
    if (context !== AUDIT && LEVELS.indexOf(level) < LEVELS.indexOf(this.least)) return;
    const fields = { ...fieldsOf(message), stack };
    const spell = this.stream.isTTY ? plainLine : jsonLine;
    this.stream.write(`${spell({ time: new Date(), level, context, fields })}\n`);
  }
}

/** @param least the least severity that is written. @param stream where to; a command keeps stdout for its answer. */
export function lineLogger(least: Level, stream: LineStream = process.stdout): LoggerService {
  return new LineLogger(least, stream);
}

function contextOf(rest: readonly unknown[]): string {
  const last = rest.at(-1);
  return typeof last === 'string' ? last : 'nest';
}

function fieldsOf(message: unknown): object {
  if (message instanceof Error) return { message: message.message };
  return typeof message === 'object' && message !== null ? message : { message };
}
