import { ConsoleLogger, type LogLevel } from '@nestjs/common';

/** The context of the log's lines that are the audit trail. They are written whatever `LOG_LEVEL` says. */
export const AUDIT = 'audit';

const LEVELS: LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug'];
const LEAST = { error: 'error', warn: 'warn', info: 'log', debug: 'debug' } as const;
/** How Nest puts itself together: of interest to whoever debugs that, and to nobody else. */
const ASSEMBLY = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);

type Stream = 'stdout' | 'stderr';

/** One JSON object a line. The audit trail is written whatever the least level is. */
class JsonLogger extends ConsoleLogger {
  constructor(
    logLevels: LogLevel[],
    private readonly stream: Stream,
  ) {
    super({ json: true, colors: false, logLevels });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const context = String(rest.at(-1));
    if (ASSEMBLY.has(context) && !this.isLevelEnabled('debug')) return;
    this.write('log', message, context);
  }

  override warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, String(rest.at(-1)));
  }

  private write(level: LogLevel, message: unknown, context: string): void {
    if (context === AUDIT || this.isLevelEnabled(level)) this.printMessages([message], context, level, this.stream);
  }

  /** What fails at start is thrown to the entry point, which explains it; Nest would print it as well, with its stack. */
  override error(message: unknown, ...rest: unknown[]): void {
    if (rest.at(-1) !== 'ExceptionHandler') super.error(message, ...rest);
  }
}

/** @param least the least severity that is written. @param stream where to; a command keeps stdout for its answer. */
export function jsonLogger(least: keyof typeof LEAST, stream: Stream = 'stdout'): ConsoleLogger {
  return new JsonLogger(LEVELS.slice(0, LEVELS.indexOf(LEAST[least]) + 1), stream);
}
