import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { StoreTime } from './store-time.js';

@Global()
@Module({
  providers: [{ provide: Clock, useClass: SystemClock }, StoreTime],
  exports: [Clock, StoreTime],
})
export class CoreModule {}
