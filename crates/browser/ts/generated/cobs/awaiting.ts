// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

import type { OrderAmount, PaymentTypeInformation } from './order.js';
import type { Agent, PartyAccount } from './party.js';
import type { PaymentIdentification } from './payment.js';
import type { OrderAccount } from './standing_order.js';
import type { RemittanceInformation } from './transaction.js';

/**
 * A payment that has not left yet.
 */
export type AwaitingPayment = {
/**
 * Its ids.
 */
paymentIdentification: PaymentIdentification,
/**
 * Priority and kind.
 */
paymentTypeInformation?: PaymentTypeInformation | null,
/**
 * How much.
 */
amount: OrderAmount,
/**
 * The day it is to leave.
 */
requestedExecutionDate?: string | null,
/**
 * From where.
 */
debtorAccount?: OrderAccount | null,
/**
 * The payee's bank.
 */
creditorAgent?: Agent | null,
/**
 * To where.
 */
creditorAccount?: PartyAccount | null,
/**
 * Message and symbols.
 */
remittanceInformation?: RemittanceInformation | null,
/**
 * What it waits for.
 */
awaitingStatus?: AwaitingStatus | null, };

/**
 * What a payment waits for: `FUTURE` its day, `OVERDUE` e.g. for money, `OTHER`.
 */
export type AwaitingStatus = 'FUTURE' | 'OVERDUE' | 'OTHER' | (string & {});
