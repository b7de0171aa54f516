import { ConsoleLogger, type LogLevel } from '@nestjs/common';

const LEVELS: LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug'];
const LEAST = { error: 'error', warn: 'warn', info: 'log', debug: 'debug' } as const;
/** How Nest puts itself together: of interest to whoever debugs that, and to nobody else. */
const ASSEMBLY = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);

/** One JSON object a line. */
class JsonLogger extends ConsoleLogger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (ASSEMBLY.has(String(rest.at(-1))) && !this.isLevelEnabled('debug')) return;
    super.log(message, ...rest);
  }

  /** What fails at start is thrown to the entry point, which explains it; Nest would print it as well, with its stack. */
  override error(message: unknown, ...rest: unknown[]): void {
    if (rest.at(-1) !== 'ExceptionHandler') super.error(message, ...rest);
  }
}

export function jsonLogger(least: keyof typeof LEAST): ConsoleLogger {
  const logLevels = LEVELS.slice(0, LEVELS.indexOf(LEAST[least]) + 1);
  return new JsonLogger({ json: true, colors: false, logLevels });
}
