import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Module, UseGuards } from '@nestjs/common';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import { Test } from '@nestjs/testing';
import { type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { WebSocket } from 'ws';
import { CurrentUser, Public, SallyportModule, SessionGuard } from '../../src/sallyport.js';
import { Client } from '../support/client.js';
import { testLog } from '../support/test-log.js';
import { type Application, applicationOf, IN_MEMORY } from './application.js';

@WebSocketGateway()
class ShopGateway implements OnGatewayConnection {
  /** `ws` gives the request that opened a socket to nobody else. */
  handleConnection(client: { request?: IncomingMessage }, request: IncomingMessage): void {
    client.request = request;
  }

  @SubscribeMessage('mine')
  mine(@CurrentUser('userId') userId: string): object {
    return { event: 'mine', data: userId };
  }

  @Public()
  @SubscribeMessage('window')
  window(@CurrentUser('userId') userId: string | undefined): object {
    return { event: 'window', data: userId ?? null };
  }
}

@Module({ providers: [ShopGateway] })
class GatewayModule {}

@Resolver()
class ShopResolver {
  @Query(() => String)
  mine(@CurrentUser('userId') userId: string): string {
    return userId;
  }

  @UseGuards(SessionGuard)
  @Query(() => String)
  bySession(@CurrentUser('mode') mode: string): string {
    return mode;
  }

  @Public()
  @Query(() => String, { nullable: true })
  window(@CurrentUser('userId') userId: string | undefined): string | null {
    return userId ?? null;
  }
}

describe('a gateway of sockets', () => {
  let app: Application;
  beforeAll(async () => {
    app = await applicationOf({
      imports: [GatewayModule],
      before: (nest) => nest.useWebSocketAdapter(new WsAdapter(nest)),
    });
  });
  afterAll(() => app.nest.close());

  it('is told who has opened a socket, and hears nobody once the session is over', async () => {
    const ada = await new Client(app.url, 'cookie').join();
    const { id } = (await ada.me()).body.user as { id: string };
    const socket = new WebSocket(app.url.replace('http', 'ws'), { headers: ada.credential(), origin: app.url });
    await once(socket, 'open');
    const ask = async (event: string): Promise<{ event: string; data: unknown }> => {
      socket.send(JSON.stringify({ event, data: null }));
      const [answer] = (await once(socket, 'message')) as [Buffer];
      return JSON.parse(answer.toString()) as { event: string; data: unknown };
    };
    expect(await ask('mine')).toEqual({ event: 'mine', data: id });
    expect(await ask('window')).toEqual({ event: 'window', data: id });
    await ada.logout();
    expect((await ask('mine')).event).toBe('exception');
    expect(await ask('window')).toEqual({ event: 'window', data: null });
    socket.close();
  });
});

describe('a resolver of GraphQL', () => {
  let app: Application;
  beforeAll(async () => {
    const graphql = GraphQLModule.forRoot<MercuriusDriverConfig>({
      driver: MercuriusDriver,
      autoSchemaFile: true,
      context: (request: object) => ({ request }),
    });
    const module = await Test.createTestingModule({
      imports: [SallyportModule.forRoot(IN_MEMORY), graphql],
      providers: [ShopResolver],
    })
      .setLogger(testLog)
      .compile();
    const nest = module.createNestApplication(new FastifyAdapter(), { logger: testLog });
    await nest.listen(0, '127.0.0.1');
    app = { nest, url: (await nest.getUrl()).replace('[::1]', '127.0.0.1') };
  });
  afterAll(() => app.nest.close());

  it('is told who asks, and is closed to everybody else', async () => {
    const ada = await new Client(app.url).join();
    const { id } = (await ada.me()).body.user as { id: string };
    const ask = async (query: string, headers: Record<string, string>) => {
      const answer = await fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      });
      return (await answer.json()) as { data: unknown; errors?: { message: string }[] };
    };
    expect((await ask('{ mine bySession window }', ada.credential())).data).toEqual({
      mine: id,
      bySession: 'session',
      window: id,
    });
    expect((await ask('{ window }', {})).data).toEqual({ window: null });
    const refused = await ask('{ mine }', {});
    expect([refused.data, refused.errors?.length]).toEqual([null, 1]);
  });
});
