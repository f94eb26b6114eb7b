// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

export type * from './cobs/account.js';
export type * from './cobs/authorization.js';
export type * from './cobs/awaiting.js';
export type * from './cobs/balance.js';
export type * from './cobs/balance_check.js';
export type * from './cobs/batch.js';
export type * from './cobs/consent.js';
export type * from './cobs/decimal.js';
export type * from './cobs/lenient.js';
export type * from './cobs/money.js';
export type * from './cobs/order.js';
export type * from './cobs/party.js';
export type * from './cobs/payment.js';
export type * from './cobs/payment_request.js';
export type * from './cobs/signing.js';
export type * from './cobs/standing_order.js';
export type * from './cobs/standing_order_request.js';
export type * from './cobs/transaction.js';
