import { SetMetadata } from '@nestjs/common';

export const ROLES = 'sallyport:roles';

/**
 * Lets in only users with at least one of these roles; others get 403 `forbidden`. On a method it replaces its controller's
 * roles. It beats `@Public()` wherever either stands: see `admissionOf`.
 *
 * ```ts
 * @Roles('admin', 'auditor')
 * @Get('orders/all')
 * all() {}
 * ```
 */
export const Roles = (role: string, ...more: string[]): MethodDecorator & ClassDecorator =>
  SetMetadata(ROLES, [role, ...more]);
