// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

import type { Decimal } from './decimal.js';

/**
 * An amount of money; never negative, the direction stands beside it.
 */
export type Amount = {
/**
 * The magnitude, with at most two decimals in most currencies.
 */
value: Decimal,
/**
 * ISO 4217, e.g. `CZK`.
 */
currency: string, };

/**
 * Which way money went, or the sign of a balance.
 */
export type CreditDebit = "CRDT" | "DBIT";

/**
 * A date or a date with time (ISO 8601); banks send both in the same place, and offsets such as
 * `+01` without minutes, so it stays text.
 */
export type DateBox = {
/**
 * `2024-01-05` or `2024-01-05T00:00:00.0+01:00`.
 */
date: string, };
