import { Module } from '@nestjs/common';
import { Connections } from './connections.js';

/** What only the service has in front of its routes. */
@Module({ providers: [Connections], exports: [Connections] })
export class EdgeModule {}
