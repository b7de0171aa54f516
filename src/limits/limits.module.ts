import { Module } from '@nestjs/common';
import { LimitReports } from './limit-reports.js';
import { LimitSweeper } from './limit-sweeper.js';
import { Limiter } from './limiter.js';

@Module({ providers: [Limiter, LimitReports, LimitSweeper], exports: [Limiter] })
export class LimitsModule {}
