import { Module } from '@nestjs/common';
import { KeySet } from './key-set.js';

/** The keys that sign access tokens. */
@Module({ providers: [KeySet], exports: [KeySet] })
export class KeysModule {}
