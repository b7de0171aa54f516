import { jsonLine, plainLine } from '../../src/core/log-line.js';

const time = new Date('2026-01-05T18:44:34.120Z');
const line = (fields: Record<string, unknown>, context = 'request') => ({ time, level: 'info', context, fields });

/** What would begin a line of its own, wipe or colour a terminal, or turn the direction of writing. */
const HOSTILE = [
  'two\nlines',
  'two\r\nlines',
  '\u001b[2J\u001b[31mred',
  'bell\u0007 back\b tab\t nul\0',
  'delete\u007f next\u0085 csi\u009b31m',
  'line\u2028 paragraph\u2029',
  'right\u202eto left\u2066',
  'tag\u{e0041}',
  '"}\n{"level":"info","event":"authn_login_success"}',
];

it.each(HOSTILE)('a line of JSON stays one line of JSON, and holds %j as it was (R13.4)', (text) => {
  for (const fields of [{ message: text }, { [text]: 1 }, { deep: { list: [text] } }]) {
    const written = jsonLine(line(fields));
    expect(written).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(written)).toMatchObject(fields);
  }
});

it.each(HOSTILE)('a line for the terminal stays one line, whatever is in it: %j (R13.4)', (text) => {
  for (const fields of [{ message: text }, { [text]: 1 }, { value: text }, { deep: { list: [text] } }]) {
    expect(plainLine(line(fields))).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  }
});

it('a line of JSON says when in UTC, how grave and what about, and no field takes their place (R13.4)', () => {
  const fields = { time: 'never', level: 'error', context: 'audit', method: 'GET', traceId: undefined };
  expect(jsonLine(line(fields))).toBe(
    '{"time":"2026-01-05T18:44:34.120Z","level":"info","context":"request","method":"GET"}',
  );
});

it('a line for the terminal has columns, then the sentence, then the rest by name', () => {
  expect(plainLine(line({ method: 'GET', route: '/auth/me', status: 200, ms: 3.1, traceId: undefined }))).toBe(
    '2026-01-05T18:44:34.120Z info  request     method=GET route=/auth/me status=200 ms=3.1',
  );
  expect(plainLine(line({ cause: { code: 'x' }, said: 'a b', message: 'Ready to serve' }, 'sallyport'))).toBe(
    '2026-01-05T18:44:34.120Z info  sallyport   Ready to serve cause={"code":"x"} said="a b"',
  );
});

it('a value for the terminal cannot pass for two', () => {
  expect(plainLine(line({ route: 'x status=200' }))).toMatch(/ route="x status=200"$/);
  expect(plainLine(line({ route: 'x=y' }))).toMatch(/ route="x=y"$/);
});
