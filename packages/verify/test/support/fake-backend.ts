import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { FakeFeed } from './fake-feed.js';
import { ISSUED_FOR, type Json, Signer, goodClaims, opaqueToken } from './signer.js';

export const CLIENT = { clientId: 'orders', clientSecret: 'a secret: with a colon' };

// What RFC 6749 section 2.3.1 makes of CLIENT.
const BASIC = `Basic ${Buffer.from('orders:a+secret%3A+with+a+colon').toString('base64')}`;

/** A small real HTTP server that answers as the auth service does, and breaks on command. */
export class FakeBackend {
  readonly signer = Signer.make('ES256', 'first');
  readonly feed = new FakeFeed();
  keySet: unknown = { keys: [this.signer.jwk] };
  keySetStatus = 200;
  keySetReads = 0;
  /** What the auth service says of itself. */
  metadata: Json = {};
  metadataStatus = 200;
  introspections = 0;
  introspectionStatus: number | 'hang' | 'cut' = 200;
  /** Introspection answers what was true when it was asked, but only once this has come. */
  heldAnswer: Promise<void> = Promise.resolve();
  private readonly live = new Map<string, unknown>();

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
  ) {}

  static async start(): Promise<FakeBackend> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const backend = new FakeBackend(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => void backend.answer(request, response));
    return backend;
  }

  claims(changes: Json = {}): Json {
    return goodClaims(this.issuer, changes);
  }

  /** A JWT as a login in jwt mode gives, known to introspection too. */
  jwt(claims = this.claims()): string {
    return this.know(this.signer.sign(claims), claims);
  }

  /** An opaque token as a login in session mode gives. */
  opaque(claims = this.claims()): string {
    return this.know(opaqueToken(), claims);
  }

  /** Makes introspection answer this for the token. */
  know(token: string, claims: Json): string {
    this.live.set(token, { active: true, token_type: 'Bearer', ...claims });
    return token;
  }

  /** Ends the session in the store only; the feed says nothing. */
  forget(token: string): void {
    this.live.delete(token);
  }

  async close(): Promise<void> {
    this.feed.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer);
    const json = (status: number, body: unknown, headers = {}) =>
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
    if (url.pathname === '/.well-known/jwks.json') {
      this.keySetReads += 1;
      return void json(this.keySetStatus, this.keySet, { 'Cache-Control': 'public, max-age=300' });
    }
    if (url.pathname === '/.well-known/oauth-authorization-server')
      return void json(this.metadataStatus, { issuer: this.issuer, ...this.metadata });
    if (request.headers.authorization !== BASIC) return void json(401, { error: 'invalid_client' });
    if (url.pathname === '/oauth/revocations') return this.feed.answer(request, response, url);
    if (url.pathname !== '/oauth/introspect') return void json(404, {});
    this.introspections += 1;
    const token = new URLSearchParams(await readAll(request)).get('token') ?? '';
    if (this.introspectionStatus === 'hang') return;
    if (this.introspectionStatus === 'cut') return void response.destroy();
    if (this.introspectionStatus !== 200) return void json(this.introspectionStatus, { error: 'down' });
    const body = this.live.get(token) ?? { active: false };
    await this.heldAnswer;
    json(200, body);
  }
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

export { ISSUED_FOR };
