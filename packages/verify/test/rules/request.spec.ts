import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { type ExecutionContext } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { type Principal, principalOfRequest, rememberPrincipal } from '../../src/rules/principal.js';
import { requestOf } from '../../src/rules/request.js';

const message = () => new IncomingMessage(new Socket());

function contextOf(type: string, ...args: unknown[]): ExecutionContext {
  const context = new ExecutionContextHost(args);
  context.setType(type);
  return context;
}

test('the request is found in each kind of context', () => {
  const request = message();
  expect(requestOf(contextOf('http', request, {}))).toBe(request);
  expect(requestOf(contextOf('graphql', {}, {}, { req: request }))).toBe(request);
  expect(requestOf(contextOf('graphql', {}, {}, { request }))).toBe(request);
  expect(requestOf(contextOf('ws', { request, handshake: {} }, {}))).toBe(request);
  const handshake = { headers: {} };
  expect(requestOf(contextOf('ws', { handshake }, {}))).toBe(handshake);
});

test.each([
  ['http', undefined, 'HTTP server'],
  ['graphql', { req: undefined }, 'GraphQLModule'],
  ['ws', {}, 'handleConnection'],
  ['rpc', {}, 'guard its sender'],
])('a %s context without a request says what is missing', (type, value, hint) => {
  expect(() => requestOf(contextOf(type, value, undefined, value))).toThrow(hint);
});

test('who is logged in is found by the request of Fastify and by the raw one alike', () => {
  const raw = message();
  const wrapped = { raw, headers: raw.headers };
  const [ada, bob] = [{ userId: 'ada' }, { userId: 'bob' }] as Principal[];
  rememberPrincipal(wrapped, ada);
  expect([principalOfRequest(raw), principalOfRequest({ ...wrapped })]).toEqual([ada, ada]);
  rememberPrincipal(raw, bob);
  expect(principalOfRequest(wrapped)).toBe(bob);
  expect(principalOfRequest(message())).toBeUndefined();
});
