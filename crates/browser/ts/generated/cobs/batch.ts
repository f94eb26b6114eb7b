// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

import type { InstructionStatus, SignInfo } from './order.js';

/**
 * Answer of `POST /my/batchpayments`, and body of its status.
 */
export type Batch = {
/**
 * The bank's id of the batch, for all further calls.
 */
transactionIdentification?: string | null,
/**
 * Its signing.
 */
signInfo?: SignInfo | null,
/**
 * Where it stands.
 */
instructionStatus?: InstructionStatus | null,
/**
 * Why.
 */
statusChangeInfo?: string | null,
/**
 * Its payments (status only).
 */
payments?: Array<BatchPayment> | null, };

/**
 * A payment of a batch.
 */
export type BatchPayment = {
/**
 * The bank's id of the payment.
 */
transactionIdentification?: string | null,
/**
 * Its signing.
 */
signInfo?: SignInfo | null, };

/**
 * A payment to be bound into a batch.
 */
export type BatchPaymentRequest = {
/**
 * Its signing, from the answer of its initiation.
 */
signId: string, };

/**
 * Body of `POST /my/batchpayments`.
 */
export type BatchRequest = {
/**
 * The app's own id, unique, at most 18 characters.
 */
exchangeIdentification: string,
/**
 * The person's name for it.
 */
instructionName?: string,
/**
 * Payments from one account, in one currency and of one kind, whose signings are `OPEN`.
 */
payments: Array<BatchPaymentRequest>, };
