import type { NextFunction, Request, Response } from 'express';
import { Client, newEmail, PASSWORD } from '../support/client.js';
import { applicationOf } from './application.js';

it('an application that gives requests ids of its own still has our answers kept out of caches and frames', async () => {
  const theirId = (_: Request, response: Response, next: NextFunction): void => {
    response.setHeader('X-Request-Id', 'of the application');
    next();
  };
  const app = await applicationOf({ before: (nest) => nest.use(theirId) });
  const ada = await new Client(app.url, 'bearer', newEmail()).join();
  for (const reply of [await ada.login(PASSWORD), await ada.me(), await ada.other().me()]) {
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'x-request-id': 'of the application',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
  }
  await app.nest.close();
});
