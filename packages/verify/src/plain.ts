/** `@sallyport/verify/plain`: the verifier by itself, for services that are not Nest's. It loads nothing of Nest. */
export { type VerifyLog } from './log.js';
export { Refusal, type RefusalCode, type RefusalProblem } from './refusal.js';
export { type FeedFollower } from './feed-follower.js';
export { type Claims, type ClaimValue } from './rules/claims.js';
export { Clock, type Moment } from './rules/clock.js';
export { type Principal } from './rules/principal.js';
export { createVerifier, type VerifiableRequest, Verifier } from './verifier.js';
export { type VerifyOptions, type WhenLost } from './verify.options.js';
