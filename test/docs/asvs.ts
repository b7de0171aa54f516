/** A requirement of OWASP ASVS 5.0 in our words, and what we make of it. */
export interface AsvsRow {
  readonly number: string;
  readonly level: 1 | 2 | 3;
  readonly asks: string;
  /** The ids of our requirements that meet it, from docs/requirements.md. None: it is not met, or does not apply. */
  readonly met: readonly string[];
  /** Where it is not met, not wholly met or does not apply: why. */
  readonly but?: string;
}
const NO_MFA = 'Does not apply: there is no second factor yet.';
const NO_MAIL = 'Does not apply: no mail is sent yet.';
const UNBOUND =
  'Not met: whoever holds a token can use it. Short lives, rotation and the notice of theft bound what a copy is worth.';
const BOUND = 'On the instance that took it; within the bound below on others.';
const NO_PROVIDERS = 'Does not apply: nobody logs in by another provider yet.';

/** The chapters that concern this service, with the rows that were assessed. A row that is missing was not assessed. */
export const ASVS: Readonly<Record<string, readonly AsvsRow[]>> = {
  'V3 Web Frontend Security': [
    row('3.3.1', 1, 'cookies are `Secure`, under a name that begins with `__Host-` or `__Secure-`', ['R6.1', 'R6.2']),
    row('3.3.2', 2, 'cookies say `SameSite` as their purpose wants it', ['R6.1']),
    row(
      '3.3.3',
      2,
      'cookies are bound to their host',
      ['R6.1', 'R6.3'],
      'The refresh cookie goes to `/auth` alone, which the prefix `__Host-` does not allow; it is believed only beside a cookie that has that prefix and names the same session.',
    ),
    row(
      '3.3.4',
      2,
      'scripts cannot read the cookies, and their tokens come by `Set-Cookie` alone',
      ['R6.1'],
      'A client that asks for the bearer transport gets its tokens in the body: it is for programs that are no page.',
    ),
    row('3.3.5', 3, 'a cookie fits into 4,096 bytes', ['R6.3', 'R7.2']),
    row('3.4.1', 1, 'HSTS on every answer', ['R6.8']),
    row('3.4.2', 1, 'CORS for listed origins alone', ['R6.7']),
    row('3.4.3', 2, 'a content security policy on every answer', ['R6.8']),
    row('3.4.4', 2, '`nosniff` on every answer', ['R6.8']),
    row('3.4.5', 2, 'a referrer policy', ['R6.8']),
    row('3.4.6', 2, 'no page may frame an answer', ['R6.8']),
    row('3.5.1', 1, 'requests that another site caused are noticed', ['R6.4', 'R6.6']),
    row('3.5.2', 1, 'nothing is reached by a request that a browser sends without asking first', ['R6.4', 'R11.1']),
    row('3.5.3', 1, 'what changes something is no GET', ['R6.5']),
    row('3.7.2', 2, 'redirects go to listed places alone', [], 'Does not apply: no answer redirects.'),
  ],
  'V4 API and Web Service': [
    row('4.1.1', 1, 'an answer says its type and character set', ['R6.8', 'R13.1']),
    row('4.1.3', 2, 'headers that a proxy sets cannot come from the client', ['R4.4']),
    row('4.1.4', 3, 'methods that nothing uses are refused', ['R12.1', 'R11.6']),
    row('4.2.1', 2, 'where a request ends is never in doubt', ['R11.6']),
  ],
  'V6 Authentication': [
    row('6.1.1', 1, 'it is written down how guessing is slowed, and that nobody can lock others out', ['R4.1', 'R4.2']),
    row('6.1.2', 2, 'the words that may not make up a password are written down', ['R13.7']),
    row(
      '6.1.3',
      2,
      'every way to log in is written down',
      ['R12.1'],
      'There is one way: `POST /auth/login` with a password.',
    ),
    row('6.2.1', 1, 'passwords have eight characters at least, better fifteen', ['R2.1']),
    row('6.2.3', 1, 'whoever changes a password proves the old one', ['R2.8']),
    row('6.2.4', 1, 'common passwords are refused', ['R2.4']),
    row('6.2.5', 1, 'no rules of composition', ['R2.2']),
    row(
      '6.2.8',
      1,
      'a password is verified as it came',
      ['R2.1', 'R2.3'],
      'Its NFKC form is hashed: two keyboards send different bytes for one password ([why](decisions/0004-deviations.md)).',
    ),
    row('6.2.9', 2, 'passwords of 64 characters are taken', ['R2.1']),
    row('6.2.10', 2, 'no password expires by itself', ['R2.2']),
    row('6.2.11', 2, 'passwords made of the words around the account are refused', ['R2.4']),
    row(
      '6.2.12',
      2,
      'breached passwords are refused',
      ['R2.4'],
      'The list is in the program and no service is asked: it holds the most used of them.',
    ),
    row('6.3.1', 1, 'guessing and stuffing are slowed', ['R4.1', 'R4.3']),
    row('6.3.2', 1, 'no default account', ['R12.5']),
    row('6.3.3', 2, 'a second factor', [], 'Not met: there is no second factor yet.'),
    row('6.3.4', 2, 'every way in is as strong as the others', ['R12.1', 'R1.3']),
    row(
      '6.3.7',
      3,
      'a user hears of changes to how they log in',
      [],
      'Not met: no mail is sent yet. The audit trail tells of them.',
    ),
    row(
      '6.3.8',
      3,
      'a refused login does not tell who has an account, by its words or its time',
      ['R3.1', 'R3.2'],
      'A registration does: without mail an address that is taken can only be refused.',
    ),
    row(
      '6.4.1',
      1,
      'passwords and codes that the service makes are random and short-lived',
      [],
      'Does not apply: the service makes none.',
    ),
    row('6.4.2', 1, 'no hints and no secret questions', ['R11.2'], 'There is no field for them.'),
    row('6.4.3', 2, 'a reset of the password does not go around the second factor', [], NO_MFA),
    row('6.4.6', 3, 'an admin starts a reset and never chooses the password', [], NO_MAIL),
    row('6.5.1', 2, 'codes are used once', [], NO_MFA),
    row('6.5.2', 2, 'codes are kept as hashes', [], NO_MFA),
    row('6.5.3', 2, 'codes are random', [], NO_MFA),
    row('6.5.4', 2, 'codes are long enough', [], NO_MFA),
    row('6.5.5', 2, 'codes run out', [], NO_MFA),
    row('6.6.3', 2, 'codes by mail cannot be guessed', [], NO_MAIL),
    row('6.8.1', 2, 'a user of another provider is known by provider and id', [], NO_PROVIDERS),
    row('6.8.2', 2, 'what another provider signed is verified', [], NO_PROVIDERS),
  ],
  'V7 Session Management': [
    row('7.1.1', 2, 'the timeouts are written down, with reasons', ['R13.7']),
    row('7.1.2', 2, 'how many sessions a user may have is written down, and what happens beyond', ['R13.7', 'R5.7']),
    row('7.1.3', 2, 'systems that share logins are written down', [], NO_PROVIDERS),
    row('7.2.3', 1, 'opaque tokens are random, of 128 bits at least', ['R1.1']),
    row('7.2.4', 1, 'a login has a new token and ends the old one', ['R5.1']),
    row('7.3.1', 2, 'a session that is not used ends', ['R5.2']),
    row('7.3.2', 2, 'a session that is used ends too, some day', ['R5.2', 'I7']),
    row('7.4.1', 1, 'what has ended is over for everybody', ['R5.3', 'R5.4', 'R7.9', 'I3']),
    row('7.4.2', 1, 'disabling a user ends their sessions', ['R5.5']),
    row('7.4.3', 2, 'a new password ends the other sessions', ['R2.8', 'R5.5']),
    row(
      '7.4.5',
      2,
      'an admin ends the sessions of others',
      ['R5.5'],
      'In part: a command disables a user, which ends their sessions. There is no command for all users.',
    ),
    row(
      '7.5.1',
      2,
      'sensitive changes ask for the login again',
      ['R2.8'],
      'The password is the only such thing that can be changed, and its change asks for it.',
    ),
    row(
      '7.5.2',
      2,
      'a user sees and, having logged in again, ends their sessions',
      ['R5.6'],
      'In part: ending asks for no password again. Whoever has the session can end others, which helps its owner more than a thief.',
    ),
    row('7.5.3', 3, 'very sensitive acts ask for the login again', ['R2.8']),
  ],
  'V8 Authorization': [
    row('8.2.1', 1, 'a route lets in those alone who may use it', ['R12.1', 'R12.5']),
    row('8.2.2', 1, 'a user reaches their own data alone', ['R12.2', 'R12.3', 'R12.4']),
    row('8.3.1', 1, 'rights are judged by the service, where no client can change them', ['R12.1', 'R12.3']),
    row('8.3.2', 3, 'a right that was taken is gone at once', ['R5.5', 'R7.11'], BOUND),
  ],
  'V9 Self-contained Tokens': [
    row('9.1.1', 1, 'a signature is verified before anything is believed', ['R7.2', 'R7.10']),
    row('9.1.2', 1, 'algorithms are listed, `none` is not', ['R7.1']),
    row('9.1.3', 1, 'keys come from where we put them, never from the token', ['R7.3', 'R7.5']),
    row('9.2.1', 1, 'times are judged', ['R7.6']),
    row('9.2.2', 2, 'a token is taken for its own purpose alone', ['R1.3', 'R7.4', 'R9.4']),
    row('9.2.3', 2, 'the audience is judged', ['R7.6']),
    row(
      '9.2.4',
      2,
      'tokens for different audiences say so',
      ['R7.6'],
      'All services behind one deployment are one audience.',
    ),
  ],
  'V10 OAuth and OIDC': [
    row('10.3.5', 3, 'a token is worth nothing to others than its holder', [], UNBOUND),
    row('10.4.5', 1, 'a refresh token that comes again is noticed, and ends what it belongs to', ['I3', 'I6']),
    row('10.4.8', 1, 'refresh tokens end some day, however often they are used', ['R5.2', 'I7']),
    row('10.4.14', 3, 'tokens are bound to a key or a certificate of their holder', [], UNBOUND),
  ],
  'V16 Security Logging and Error Handling': [
    row('16.1.1', 2, 'what is logged is written down', ['R13.7']),
    row('16.2.2', 2, 'times are UTC', ['R13.4']),
    row('16.2.5', 2, 'secrets are not logged', ['R13.3', 'R1.2']),
    row('16.3.1', 2, 'logins are logged, good and bad', ['R13.5']),
    row('16.3.2', 2, 'refusals for want of a right are logged', ['R13.5']),
    row('16.3.3', 2, 'attempts to get around a control are logged', ['R13.5']),
    row('16.3.4', 2, 'errors that nobody expected are logged', ['R13.1']),
    row('16.4.1', 2, 'nothing that is logged can make up a line', ['R13.4']),
    row(
      '16.4.2',
      2,
      'the log cannot be changed afterwards',
      ['R13.6'],
      'Whoever owns the table can take its triggers away: the lines of the log, kept elsewhere, are the witness.',
    ),
    row('16.5.1', 2, 'an error tells its client nothing of the inside', ['R13.1', 'R11.7']),
    row('16.5.2', 2, 'the service stays safe while something it needs is gone', ['R13.2', 'R9.3', 'L2', 'L3']),
    row('16.5.3', 2, 'an error never lets anybody through', ['R13.2']),
    row('16.5.4', 3, 'no error is without a handler', ['R13.1']),
  ],
};

function row(number: string, level: 1 | 2 | 3, asks: string, met: readonly string[], but?: string): AsvsRow {
  return { number, level, asks, met, but };
}
