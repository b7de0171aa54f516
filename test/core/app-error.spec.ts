import { HttpException } from '@nestjs/common';
import { AppError, UnavailableError } from '../../src/core/app-error.js';

it("a refusal is an exception of Nest's, with the problem as its response: a filter of somebody else's answers it with the right status", () => {
  const refusal = new AppError('forbidden', 'Not yours.');
  expect(refusal).toBeInstanceOf(HttpException);
  expect(refusal.getStatus()).toBe(403);
  const problem = { type: 'urn:sallyport:problem:forbidden', title: 'Not allowed', status: 403, code: 'forbidden' };
  expect(refusal.getResponse()).toEqual({ ...problem, detail: 'Not yours.' });
  expect(refusal.message).toBe('Not yours.');
});

it('an outage keeps its cause, which is in no answer', () => {
  const cause = new Error('ECONNREFUSED 10.0.0.7');
  const outage = new UnavailableError('The database', cause);
  expect([outage.getStatus(), outage.cause]).toEqual([503, cause]);
  expect(JSON.stringify(outage.getResponse())).not.toContain('10.0.0.7');
});
