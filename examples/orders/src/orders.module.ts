import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { SallyportGuard, SallyportVerifyModule } from '@sallyport/verify';
import { OrderBook } from './order-book.js';
import { OrdersController } from './orders.controller.js';

const verify = SallyportVerifyModule.forRootAsync({
  useFactory: () => {
    const {
      ISSUER = 'http://localhost:3000',
      AUDIENCE = 'sallyport',
      CLIENT_ID = '',
      CLIENT_SECRET = '',
    } = process.env;
    return { issuer: ISSUER, audience: AUDIENCE, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
  },
});

@Module({
  imports: [verify],
  controllers: [OrdersController],
  providers: [OrderBook, { provide: APP_GUARD, useExisting: SallyportGuard }],
})
export class OrdersModule {}
