/**
 * What instances on one database do one at a time, each by an advisory lock of its own. Any numbers, the same for every instance.
 */
export const MIGRATION_LOCK = 7_265_597_708;
export const SWEEP_LOCK = 7_265_597_709;
export const LIMITS_SWEEP_LOCK = 7_265_597_710;
export const AUDIT_MONTHS_LOCK = 7_265_597_711;
