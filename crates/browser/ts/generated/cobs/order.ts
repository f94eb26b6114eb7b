// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

import type { Amount } from './money.js';

/**
 * A code or free text.
 */
export type CodeOrProprietary = {
/**
 * From a code list.
 */
code?: string | null,
/**
 * Free text.
 */
proprietary?: string | null, };

/**
 * Where an order stands. `ACTC` accepted, waits for its signature; `ACWC` accepted with a change;
 * `ACSP` signed, being carried out; `ACSC` carried out; `RJCT` refused. A bank may have more.
 */
export type InstructionStatus = 'ACTC' | 'ACWC' | 'ACSP' | 'ACSC' | 'RJCT' | (string & {});

/**
 * The amount of an order, in the standard's wrapping.
 */
export type OrderAmount = {
/**
 * The amount.
 */
instructedAmount?: Amount | null, };

/**
 * Body of `GET …/status` of a payment.
 */
export type OrderStatus = {
/**
 * Where the order stands.
 */
instructionStatus: InstructionStatus,
/**
 * Why, e.g. `TM01`: after the bank's closing time (not in 2.0).
 */
statusChangeInfo?: string | null, };

/**
 * How an order is carried out.
 */
export type PaymentTypeInformation = {
/**
 * How fast: `NORM` next day, `HIGH` same day, `INST` at once.
 */
instructionPriority?: string | null,
/**
 * Which kind of payment the bank made of it.
 */
serviceLevel?: ServiceLevel | null,
/**
 * Category of the purpose.
 */
categoryPurpose?: CodeOrProprietary | null, };

/**
 * Wrapping of the kind of a payment as the standard has it.
 */
export type ServiceLevel = {
/**
 * The kind.
 */
code?: ServiceLevelCode | null, };

/**
 * Kind of a payment: `DMCT` domestic, `ESCT` SEPA, `EXCT` in the European Economic Area, `NXCT`
 * outside it, `XBCT` cross-border. A bank may have more.
 */
export type ServiceLevelCode = 'DMCT' | 'ESCT' | 'EXCT' | 'NXCT' | 'XBCT' | (string & {});

/**
 * The signing of an order.
 */
export type SignInfo = {
/**
 * How far it is.
 */
state?: SignState | null,
/**
 * Its id in the calls of the signing. Missing where the bank wants the signing begun by a call of
 * its own (payments only). Examples of the standard write `signID`.
 */
signId?: string | null, };

/**
 * How far a signing is. `OPEN` waits, `DONE` is signed, `CANCELLED` and `CLOSED` come to nothing. The
 * standard leaves the words to the bank, so there may be others.
 */
export type SignState = 'OPEN' | 'DONE' | 'CANCELLED' | 'CLOSED' | (string & {});
