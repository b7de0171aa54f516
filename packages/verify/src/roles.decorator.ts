import { SetMetadata } from '@nestjs/common';

export const ROLES = 'sallyport:roles';

/** Lets in only users with at least one of these roles; 403 `forbidden` otherwise. On a method it replaces its controller's. */
export const Roles = (role: string, ...more: string[]) => SetMetadata(ROLES, [role, ...more]);
