export { Refusal, type RefusalCode } from './refusal.js';
export { FeedFollower } from './feed-follower.js';
export { Clock } from './rules/clock.js';
export { CurrentUser, type CurrentUserDecorator } from './rules/current-user.js';
export { type Principal } from './rules/principal.js';
export { Public, Roles } from './rules/admission.js';
export { SallyportGuard } from './sallyport.guard.js';
export { SallyportVerifyModule } from './verify.module.js';
export { type VerifyOptions } from './verify.options.js';
