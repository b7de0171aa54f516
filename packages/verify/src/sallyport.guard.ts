import { randomUUID } from 'node:crypto';
import { type CanActivate, type ExecutionContext, HttpException, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { readBearer } from './bearer.js';
import { CredentialVerifier } from './credential.verifier.js';
import { Refusal } from './refusal.js';
import { type Admission, admissionOf, admits } from './rules/admission.js';
import { rememberPrincipal } from './rules/principal.js';
import { requestOf } from './rules/request.js';

/** Lets a request in only with a credential of the backend's. Best as `APP_GUARD`, so that a new route is closed from the start. */
@Injectable()
export class SallyportGuard implements CanActivate {
  constructor(
    private readonly verifier: CredentialVerifier,
    private readonly host: HttpAdapterHost,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const admission = admissionOf(context);
    if (admission === 'everybody') return true;
    try {
      await this.admit(context, admission);
      return true;
    } catch (error) {
      throw error instanceof Refusal ? this.answer(error, context) : error;
    }
  }

  private async admit(context: ExecutionContext, admission: Admission): Promise<void> {
    const request = requestOf(context);
    const principal = await this.verifier.verify(readBearer(request));
    if (!admits(admission, principal)) throw new Refusal('forbidden');
    rememberPrincipal(request, principal);
  }

  /** The headers are set here and not in a filter, so that they stay whatever exception filter the service has. */
  private answer(refusal: Refusal, context: ExecutionContext): HttpException {
    // A resolver and a socket answer in a language of their own, in which there are no headers.
    if (context.getType() === 'http') {
      const response = context.switchToHttp().getResponse<unknown>();
      for (const [name, value] of Object.entries(refusal.headers()))
        this.host.httpAdapter.setHeader(response, name, value);
    }
    return new HttpException(refusal.problem(randomUUID()), refusal.getStatus(), { cause: refusal });
  }
}
