import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'sallyport:public';

/**
 * Opens a route, or every route of a controller, to everybody; credentials are then not looked at, good or bad. Without it a
 * route is closed. `@Roles`, on the route or on its controller, closes it all the same: see `admissionOf`.
 *
 * ```ts
 * @Public()
 * @Get('health')
 * health() {}
 * ```
 */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);
