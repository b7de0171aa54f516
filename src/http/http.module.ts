import { Global, Module } from '@nestjs/common';
import { CookieNames } from './cookie-names.js';
import { CrossOrigin } from './cross-origin.js';
import { PublicPaths } from './public-paths.js';

@Global()
@Module({ providers: [CookieNames, CrossOrigin, PublicPaths], exports: [CookieNames, CrossOrigin, PublicPaths] })
export class HttpModule {}
