// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

import type { SignInfo } from './order.js';
import type { AuthorizationType } from './signing.js';

/**
 * An order that waits for a signature.
 */
export type PendingAuthorization = {
/**
 * `PAYMENT`, `STANDINGORDER`, `BATCHPAYMENT`, `DIRECTDEBIT`; examples of the standard write small
 * letters.
 */
type?: string | null,
/**
 * The bank's id of the order.
 */
transactionIdentification?: string | null,
/**
 * Until when it waits.
 */
validUntil?: string | null,
/**
 * Each a list of methods.
 */
scenarios?: Array<Array<AuthorizationType>> | null,
/**
 * Its signing.
 */
signInfo?: SignInfo | null, };
