import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthGuard, SallyportModule } from '@sallyport/nest';
import { DataSource } from 'typeorm';
import { OrdersModule } from './orders/orders.module.js';
import { PagesController } from './pages/pages.controller.js';
import { PeopleModule } from './people/people.module.js';
import { Person } from './people/person.entity.js';
import { TenantGuard } from './tenants/tenant.guard.js';
import { UploadsController } from './uploads/uploads.controller.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';

/** In a constant, so that a test can put `loggedInAs` in its place. */
export const sallyport = SallyportModule.forRootAsync({
  inject: [ConfigService, DataSource],
  useFactory: (config: ConfigService, dataSource: DataSource) => ({
    dataSource,
    authMode: config.getOrThrow<'session' | 'jwt'>('AUTH_MODE'),
    jwtIssuer: config.getOrThrow<string>('PUBLIC_URL'),
    rateLimits: config.get('RATE_LIMITS') !== 'off',
    globalGuard: false, // the guards are in the order of the providers below
  }),
});

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    TypeOrmModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        type: 'postgres',
        url: config.getOrThrow<string>('DATABASE_URL'),
        entities: [Person],
        synchronize: true,
      }),
    }),
    ThrottlerModule.forRoot([{ ttl: 60_000, limit: 1_000 }]),
    sallyport,
    OrdersModule,
    PeopleModule,
  ],
  controllers: [UploadsController, WebhooksController, PagesController],
  providers: [
    { provide: APP_GUARD, useClass: ThrottlerGuard },
    { provide: APP_GUARD, useExisting: AuthGuard },
    { provide: APP_GUARD, useClass: TenantGuard }, // knows who asks
  ],
})
export class AppModule {}
