import { AccessTokenVerifier } from './access-token.verifier.js';
import { Backend } from './backend.js';
import { carriedCredential } from './carried-credential.js';
import { CredentialVerifier } from './credential.verifier.js';
import { FeedFollower } from './feed-follower.js';
import { Introspection } from './introspection.js';
import { MisfitLog } from './misfit-log.js';
import { Revocations } from './revocations.js';
import { type Clock, SystemClock } from './rules/clock.js';
import { type Principal } from './rules/principal.js';
import { type ContextRequest } from './rules/request.js';
import { SigningKeys } from './signing-keys.js';
import { StartCheck } from './start-check.js';
import { type VerifyOptions, VerifySettings } from './verify.options.js';

/** A request of node:http, of Express or Fastify, a `Request` of fetch, or what else has headers. */
export interface VerifiableRequest extends Omit<ContextRequest, 'headers' | 'raw'> {
  readonly headers: Headers | ContextRequest['headers'];
  readonly raw?: unknown;
  /** Of a `Request` of fetch, whose headers need not name the host. */
  readonly url?: string;
}

/** Says who sends a request, or throws a `Refusal`. One for the process: it follows the feed of ended sessions and keeps the keys. */
export class Verifier {
  /** How closely the feed of ended sessions is followed: `healthy()` is worth showing in a health route. */
  readonly feed: FeedFollower;
  private readonly settings: VerifySettings;
  private readonly startCheck: StartCheck;
  private readonly credentials: CredentialVerifier;

  /** Does nothing yet. Throws for options that cannot be used, and names all that is wrong with them. */
  constructor(options: VerifyOptions, clock: Clock = new SystemClock()) {
    const settings = VerifySettings.from(options);
    const backend = new Backend(settings);
    const keys = new SigningKeys(backend, clock, settings.log);
    const revocations = new Revocations(clock);
    const misfits = new MisfitLog(settings);
    this.settings = settings;
    this.startCheck = new StartCheck(backend, settings);
    this.feed = new FeedFollower(backend, revocations, keys, clock, settings.log);
    this.credentials = new CredentialVerifier(
      new AccessTokenVerifier(keys, settings, clock, misfits),
      new Introspection(backend, settings, clock, misfits),
      revocations,
      this.feed,
      clock,
      settings,
    );
  }

  /**
   * Begins to follow the feed, and tells in the log what is seen to be wrong with the options. Waits for nothing: until the feed has
   * caught up, each credential is asked about.
   */
  start(): void {
    this.startCheck.start();
    this.feed.start();
  }

  /** Who sends this request. Throws a `Refusal`. */
  async verify(request: VerifiableRequest): Promise<Principal> {
    return this.verifyToken(carriedCredential(plain(request), this.settings));
  }

  /** Whose token this is, for one that came by another way than HTTP. Throws a `Refusal`. */
  async verifyToken(token: string): Promise<Principal> {
    return this.credentials.verify(token);
  }

  /** Leaves the feed, so that the process can end. */
  async close(): Promise<void> {
    await Promise.all([this.startCheck.close(), this.feed.close()]);
  }
}

/**
 * A verifier that has begun. For services that are not Nest's:
 *
 * ```ts
 * const sallyport = createVerifier({ issuer, audience, clientId, clientSecret });
 *
 * async function handle(request: Request): Promise<Response> {
 *   try {
 *     const user = await sallyport.verify(request);
 *     return Response.json(await ordersOf(user.userId));
 *   } catch (error) {
 *     if (error instanceof Refusal) return error.toResponse();
 *     throw error;
 *   }
 * }
 * ```
 */
export function createVerifier(options: VerifyOptions): Verifier {
  const verifier = new Verifier(options);
  verifier.start();
  return verifier;
}

/** The headers of fetch are a list and not an object, whoever has made them. */
function isList(headers: VerifiableRequest['headers']): headers is Headers {
  return Symbol.iterator in headers;
}

function plain(request: VerifiableRequest): ContextRequest {
  if (!isList(request.headers)) return request as ContextRequest;
  const headers = Object.fromEntries(request.headers);
  if (headers.host === undefined && request.url !== undefined && URL.canParse(request.url))
    headers.host = new URL(request.url).host;
  return { headers, method: request.method };
}
