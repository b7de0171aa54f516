import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { AppError } from '../core/app-error.js';
import { InvalidClientError } from '../http/oauth-error.js';
import { RequestView } from '../http/request-view.js';
import type { OauthClient } from './clients-file.js';
import { OauthClients } from './oauth-clients.js';

const proven = new WeakMap<RequestView, OauthClient>();

/** Hands a handler behind `ClientGuard` the client that made the request. */
export const CurrentClient = createParamDecorator((_: unknown, context: ExecutionContext): OauthClient => {
  return proven.get(RequestView.in(context))!;
});

interface Proof {
  readonly id: string;
  readonly secret: string;
}

/** Client authentication by `client_secret_basic` or `client_secret_post` (RFC 6749, 2.3.1), by one of them at a time. */
@Injectable()
export class ClientGuard implements CanActivate {
  constructor(private readonly clients: OauthClients) {}

  canActivate(context: ExecutionContext): boolean {
    const request = RequestView.in(context);
    const [basic, posted] = [basicProof(request), postedProof(request)];
    if (basic && posted) throw new AppError('invalid_request', 'Two kinds of client authentication.');
    const proof = basic ?? posted;
    const client = proof && this.clients.authenticate(proof.id, proof.secret);
    if (!client) throw new InvalidClientError();
    proven.set(request, client);
    return true;
  }
}

function basicProof({ authorization }: RequestView): Proof | null {
  if (authorization === undefined) return null;
  const [, encoded] = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(authorization) ?? [];
  const [id, ...secret] = Buffer.from(encoded ?? '', 'base64')
    .toString()
    .split(':');
  if (encoded === undefined || secret.length === 0) throw new InvalidClientError();
  return { id: formDecoded(id!), secret: formDecoded(secret.join(':')) };
}

function postedProof({ body }: RequestView): Proof | null {
  const { client_id: id, client_secret: secret } = (body ?? {}) as Record<string, unknown>;
  // RFC 6749, section 3.2: a parameter without a value counts as left out.
  if (secret === undefined || secret === '') return null;
  if (typeof id !== 'string' || typeof secret !== 'string') {
    throw new AppError('invalid_request', 'client_id and client_secret are sent once each.');
  }
  return { id, secret };
}

/** Id and secret are form-encoded before they go into the header. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new InvalidClientError();
  }
}
