/**
 * Concurrency shares of a limited priority level that names none. Up to v1beta3 a share of 0 can't be told from an absent
 * one and means this many too; in v1 a 0 is a 0.
 */
export const DEFAULT_SHARES = 30;
