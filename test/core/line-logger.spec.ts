import { Logger } from '@nestjs/common';
import { AUDIT, lineLogger } from '../../src/core/line-logger.js';

/** A stream that keeps what is written. */
function paper(isTTY = false): { isTTY: boolean; write: (text: string) => void; lines: () => string[] } {
  let text = '';
  return { isTTY, write: (more) => (text += more), lines: () => text.split('\n').slice(0, -1) };
}

const told = (lines: string[]): unknown[] =>
  lines.map((line) => {
    const { level, context, message, event } = JSON.parse(line) as Record<string, unknown>;
    return [level, context, message ?? event];
  });

afterAll(() => Logger.overrideLogger(false));

it('what is graver than the least severity is written, and the audit trail always', () => {
  const stream = paper();
  Logger.overrideLogger(lineLogger('error', stream));
  new Logger('use').warn('not this');
  new Logger('use').error('this');
  new Logger(AUDIT).log({ event: 'authn_login_success' });
  new Logger(AUDIT).warn({ event: 'authn_token_reuse' });
  expect(told(stream.lines())).toEqual([
    ['error', 'use', 'this'],
    ['info', AUDIT, 'authn_login_success'],
    ['warn', AUDIT, 'authn_token_reuse'],
  ]);
});

it('how Nest puts itself together is told to whoever debugs', () => {
  for (const [least, lines] of [
    ['info', 1],
    ['debug', 2],
  ] as const) {
    const stream = paper();
    Logger.overrideLogger(lineLogger(least, stream));
    new Logger('InstanceLoader').log('AppModule dependencies initialized');
    new Logger('sallyport').log('Ready');
    expect(stream.lines()).toHaveLength(lines);
  }
});

it('a person at a terminal reads columns, and a program JSON', () => {
  for (const [isTTY, shape] of [
    [true, /^\d{4}-\d\d-\d\dT[\d:.]+Z warn {2}use {9}Mind the gap$/],
    [false, /^\{"time":"\d{4}-\d\d-\d\dT[\d:.]+Z","level":"warn","context":"use","message":"Mind the gap"\}$/],
  ] as const) {
    const stream = paper(isTTY);
    Logger.overrideLogger(lineLogger('info', stream));
    new Logger('use').warn('Mind the gap');
    expect(stream.lines()).toEqual([expect.stringMatching(shape)]);
  }
});
