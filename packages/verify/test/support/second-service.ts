import { request as httpRequest } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Controller, Get, type INestApplication, Post } from '@nestjs/common';
import { type AbstractHttpAdapter, APP_GUARD } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { Clock } from '../../src/rules/clock.js';
import {
  type Claims,
  CurrentUser,
  type Principal,
  Public,
  FeedFollower,
  Roles,
  SallyportGuard,
  SallyportVerifyModule,
} from '../../src/verify.js';
import { type VerifyOptions } from '../../src/verify.options.js';
import { DOOR_CONTROLLERS } from './doors.js';
import { CLIENT, type FakeBackend, ISSUED_FOR } from './fake-backend.js';
import { ManualClock } from './manual-clock.js';

@Controller()
class Doors {
  @Get('me')
  me(@CurrentUser() user: Principal): Principal {
    return user;
  }

  @Get('me/id')
  myId(@CurrentUser('userId') userId: string): { userId: string } {
    return { userId };
  }

  /** A handler with a mistake: it writes into what it was given. */
  @Get('greedy')
  greedy(@CurrentUser() user: Principal): void {
    (user.roles as string[]).push('admin');
  }

  @Get('greedy/claims')
  greedyOfClaims(@CurrentUser('claims') claims: Claims): void {
    (claims.teams as string[]).push('admins');
  }

  @Post('change')
  change(): void {}

  @Public()
  @Post('greet')
  greet(@CurrentUser('userId') userId: string | undefined): { who: string } {
    return { who: userId ?? 'nobody' };
  }

  @Roles('admin', 'auditor')
  @Get('admin')
  admin(): string {
    return 'in';
  }

  @Public()
  @Get('open')
  open(): string {
    return 'in';
  }

  @Public()
  @Get('whose')
  whose(@CurrentUser() user: Principal | undefined): { who: string } {
    return { who: user?.userId ?? 'nobody' };
  }

  @Public()
  @Get('whose/id')
  whoseId(@CurrentUser('userId') userId: string | undefined): { who: string } {
    return { who: userId ?? 'nobody' };
  }
}

export interface Outcome {
  status: number;
  code: string | undefined;
  headers: Headers;
  body: Record<string, unknown>;
}

/** The next service: a Nest app of a few routes behind the guard, with a clock to move. */
export class SecondService {
  private constructor(
    private readonly app: INestApplication,
    readonly clock: ManualClock,
  ) {}

  /** On Express, unless another adapter is given. */
  static async start(
    backend: FakeBackend,
    options: Partial<VerifyOptions> = {},
    adapter: AbstractHttpAdapter = new ExpressAdapter(),
  ): Promise<SecondService> {
    const clock = new ManualClock();
    backend.feed.now = () => clock.now().wall;
    const verify = SallyportVerifyModule.forRoot({
      issuer: backend.issuer,
      audience: ISSUED_FOR,
      ...CLIENT,
      ...options,
    });
    const testing = await Test.createTestingModule({
      imports: [verify],
      controllers: [Doors, ...DOOR_CONTROLLERS],
      providers: [{ provide: APP_GUARD, useExisting: SallyportGuard }],
    })
      .overrideProvider(Clock)
      .useValue(clock)
      .compile();
    const app = testing.createNestApplication(adapter, { logger: false });
    await app.listen(0, '127.0.0.1');
    return new SecondService(app, clock);
  }

  get feed(): FeedFollower {
    return this.app.get(FeedFollower);
  }

  get port(): number {
    return (this.app.getHttpServer().address() as AddressInfo).port;
  }

  async get(path: string, token?: string): Promise<Outcome> {
    const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    return this.send(path, headers);
  }

  async send(path: string, headers: Record<string, string>, method = 'GET'): Promise<Outcome> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, { method, headers });
    const text = await response.text();
    const body = (text.startsWith('{') ? JSON.parse(text) : { text }) as Record<string, unknown>;
    return { status: response.status, code: body.code as string | undefined, headers: response.headers, body };
  }

  /** fetch would join two headers of one name into one, so they are written by hand. */
  sendRaw(path: string, headers: string[]): Promise<number> {
    return new Promise((resolve, reject) => {
      const request = httpRequest({
        port: this.port,
        host: '127.0.0.1',
        path,
        headers: ['Host', 'localhost', ...headers],
      });
      request.on('response', (response) => resolve(response.resume().statusCode ?? 0)).on('error', reject);
      request.end();
    });
  }

  async healthy(is = true): Promise<void> {
    await until(() => this.feed.healthy() === is);
  }

  close(): Promise<void> {
    return this.app.close();
  }
}

/** Looks every few milliseconds until it is so; for what happens in another part of the process, a moment from now. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 8_000; performance.now() < end;) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('It did not come to be so.');
}
