import { type CanActivate, type ExecutionContext, HttpException, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Refusal } from './refusal.js';
import { admissionOf, admits } from './rules/admission.js';
import { forgetPrincipal, type Principal, rememberPrincipal } from './rules/principal.js';
import { type ContextRequest, requestOf } from './rules/request.js';
import { Verifier } from './verifier.js';

/** Lets a request in only with a credential of the backend's. Best as `APP_GUARD`, so that a new route is closed from the start. */
@Injectable()
export class SallyportGuard implements CanActivate {
  constructor(
    private readonly verifier: Verifier,
    private readonly host: HttpAdapterHost,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    try {
      await this.admit(context);
      return true;
    } catch (error) {
      throw error instanceof Refusal ? this.answer(error, context) : error;
    }
  }

  private async admit(context: ExecutionContext): Promise<void> {
    const admission = admissionOf(context);
    const request = requestOf(context);
    const asked = context.getType() === 'ws' ? handshakeOf(request) : request;
    const principal = await (admission === 'everybody' ? this.guest(asked) : this.verifier.verify(asked));
    // Whoever has opened a socket may be nobody by now.
    if (!principal) return forgetPrincipal(request);
    if (!admits(admission, principal)) throw new Refusal('forbidden');
    rememberPrincipal(request, principal);
  }

  /** Who comes to an open door with a good credential. A bad one is nobody's; whether it is bad is not known in an outage: 503. */
  private async guest(request: ContextRequest): Promise<Principal | null> {
    try {
      return await this.verifier.verify(request);
    } catch (error) {
      if (error instanceof Refusal && error.code !== 'service_unavailable') return null;
      throw error;
    }
  }

  /** The headers are set here and not in a filter, so that they stay whatever exception filter the service has. */
  private answer(refusal: Refusal, context: ExecutionContext): HttpException {
    // A resolver and a socket answer in a language of their own, in which there are no headers.
    if (context.getType() === 'http') {
      const response = context.switchToHttp().getResponse<unknown>();
      for (const [name, value] of Object.entries(refusal.headers))
        this.host.httpAdapter.setHeader(response, name, value);
    }
    return new HttpException(refusal.problem(), refusal.status, { cause: refusal });
  }
}

/** The method by which a socket was opened says nothing of what its messages do, so none is named. */
function handshakeOf({ headers, rawHeaders }: ContextRequest): ContextRequest {
  return { headers, rawHeaders };
}
