// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

import type { Amount, CreditDebit } from './money.js';

/**
 * One balance of an account.
 */
export type Balance = {
/**
 * Which balance it is.
 */
type?: BalanceType | null,
/**
 * An agreed overdraft.
 */
creditLine?: CreditLine | null,
/**
 * The magnitude.
 */
amount: Amount,
/**
 * Its sign.
 */
creditDebitIndicator: CreditDebit,
/**
 * The moment it was true.
 */
date?: BalanceDate | null, };

/**
 * Code of a balance.
 */
export type BalanceCode = {
/**
 * `CLAV` available, `PRCD` opening, `CLBD` closing booked, `ITBD` interim booked.
 */
code: string, };

/**
 * When a balance was true.
 */
export type BalanceDate = {
/**
 * A date or a date with time (ISO 8601).
 */
dateTime: string, };

/**
 * Wrapping of the code as the standard has it.
 */
export type BalanceType = {
/**
 * Holds the code.
 */
codeOrProprietary: BalanceCode, };

/**
 * An agreed overdraft.
 */
export type CreditLine = {
/**
 * Whether the balance counts it in.
 */
included: boolean,
/**
 * Its size.
 */
amount?: Amount | null, };
