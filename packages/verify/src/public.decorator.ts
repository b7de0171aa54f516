import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'sallyport:public';

/** Opens a route, or a controller, that a global SallyportGuard would close. Credentials are then not looked at, good or bad. */
export const Public = () => SetMetadata(PUBLIC, true);
