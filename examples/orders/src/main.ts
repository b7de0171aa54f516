import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { OrdersModule } from './orders.module.js';

// What `npm run client` printed. A variable that is already set wins.
if (existsSync('.env')) process.loadEnvFile('.env');

const app = await NestFactory.create(OrdersModule);
app.enableShutdownHooks();
await app.listen(process.env.PORT ?? 3001, '127.0.0.1');
