// One route of Nest that answers a constant, on the engine that ENGINE names.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

const { ENGINE, PORT } = process.env;

class OpenController {
  open() {
    return { status: 'ok' };
  }
}
Controller()(OpenController);
Get('open')(OpenController.prototype, 'open', Object.getOwnPropertyDescriptor(OpenController.prototype, 'open'));

class BareModule {}
Module({ controllers: [OpenController] })(BareModule);

const adapters = {
  express: async () => new (await import('@nestjs/platform-express')).ExpressAdapter(),
  fastify: async () => new (await import('@nestjs/platform-fastify')).FastifyAdapter(),
};
const app = await NestFactory.create(BareModule, await adapters[ENGINE](), { logger: false });
await app.listen(Number(PORT), '127.0.0.1');
