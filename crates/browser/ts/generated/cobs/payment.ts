// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

import type { CodeOrProprietary, InstructionStatus, OrderAmount, PaymentTypeInformation, ServiceLevel, SignInfo } from './order.js';
import type { Agent, Party, PartyAccount } from './party.js';
import type { RemittanceInformation } from './transaction.js';

/**
 * A payment: what was asked for, and what the bank made of it.
 */
export type Payment = {
/**
 * The bank's id of the payment, for all further calls; or see `paymentIdentification`.
 */
transactionIdentification?: string | null,
/**
 * Kind of the payment; or see `paymentTypeInformation`.
 */
serviceLevel?: ServiceLevel | null,
/**
 * Its ids.
 */
paymentIdentification?: PaymentIdentification | null,
/**
 * Priority and kind.
 */
paymentTypeInformation?: PaymentTypeInformation | null,
/**
 * How much.
 */
amount?: OrderAmount | null,
/**
 * The day it is carried out; the bank may have moved it.
 */
requestedExecutionDate?: string | null,
/**
 * Who pays the charges of a foreign payment: `DEBT`, `CRED`, `SHAR`, `SLEV`.
 */
chargeBearer?: string | null,
/**
 * On whose behalf.
 */
ultimateDebtor?: Party | null,
/**
 * From where.
 */
debtorAccount?: PartyAccount | null,
/**
 * The payee's bank.
 */
creditorAgent?: Agent | null,
/**
 * The payee.
 */
creditor?: Party | null,
/**
 * To where.
 */
creditorAccount?: PartyAccount | null,
/**
 * For whom in the end.
 */
ultimateCreditor?: Party | null,
/**
 * Purpose of the payment.
 */
purpose?: CodeOrProprietary | null,
/**
 * Message and symbols.
 */
remittanceInformation?: RemittanceInformation | null,
/**
 * Its signing.
 */
signInfo?: SignInfo | null,
/**
 * Where it stands.
 */
instructionStatus?: InstructionStatus | null,
/**
 * What the bank has changed, with `ACWC`, e.g. `TM01`.
 */
statusChangeInfo?: string | null, };

/**
 * Ids of a payment.
 */
export type PaymentIdentification = {
/**
 * The app's own, unique.
 */
instructionIdentification?: string | null,
/**
 * For the payee (SEPA); `NOTPROVIDED` if there is none.
 */
endToEndIdentification?: string | null,
/**
 * The bank's.
 */
transactionIdentification?: string | null,
/**
 * The bank's of the payment's initiation (list of awaiting payments).
 */
paymentId?: string | null, };
