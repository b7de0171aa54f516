import { randomUUID } from 'node:crypto';

export const PASSWORD = 'marker analytical engines weave';

/** A client with bearer tokens that does not know the mode: it sends what it was given and renews with what it was given. */
export class Client {
  held = {};
  email = `${randomUUID()}@example.com`;

  constructor(url) {
    this.url = url;
  }

  get headers() {
    return { authorization: `Bearer ${this.held.accessToken}` };
  }

  async register() {
    const { body } = await this.send('POST', '/auth/register', { email: this.email, password: PASSWORD }, {}, 201);
    this.userId = body.id;
  }

  async login() {
    const proof = { email: this.email, password: PASSWORD, transport: 'bearer' };
    this.held = (await this.send('POST', '/auth/login', proof, {})).body;
  }

  /** One refresh with what is held now; takes nothing over. Any status. */
  async tryRefresh() {
    const { refreshToken } = this.held;
    if (refreshToken) return this.send('POST', '/auth/refresh', { refreshToken }, {}, null);
    return this.send('POST', '/auth/refresh', undefined, this.headers, null);
  }

  async refresh() {
    const { status, body } = await this.tryRefresh();
    if (status !== 200) throw new Error(`POST /auth/refresh: ${status} ${body?.code}`);
    this.held = body;
  }

  async logout() {
    await this.send('POST', '/auth/logout', undefined, this.headers, 204);
  }

  async get(path) {
    return this.send('GET', path, undefined, this.headers);
  }

  async send(method, path, json, headers, expected = 200) {
    const body = json && JSON.stringify(json);
    const type = body && { 'content-type': 'application/json' };
    const request = { method, body, headers: { ...type, ...headers } };
    const response = await fetch(this.url + path, request);
    const text = await response.text();
    const answer = { status: response.status, body: text ? JSON.parse(text) : null };
    if (expected === null || response.status === expected) return answer;
    throw new Error(`${method} ${path}: ${response.status} ${answer.body?.code}`);
  }
}
