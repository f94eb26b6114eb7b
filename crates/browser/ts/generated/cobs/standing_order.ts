// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

import type { TextOrNumber } from './lenient.js';
import type { Amount } from './money.js';
import type { CodeOrProprietary, InstructionStatus, OrderAmount, PaymentTypeInformation, SignInfo } from './order.js';
import type { Agent, Party, PartyAccount, PartyAccountNumbers } from './party.js';
import type { RemittanceInformation } from './transaction.js';

/**
 * A time without payments.
 */
export type Break = {
/**
 * First day.
 */
validFromDate?: string | null,
/**
 * Last day.
 */
validToDate?: string | null, };

/**
 * A break, or an array of them.
 */
export type Breaks = Array<Break> | Break;

/**
 * When a standing order is not carried out.
 */
export type Exceptions = {
/**
 * Months, `JANUARY` to `DECEMBER`. The OpenAPI file writes `stopages`.
 */
stoppages?: Array<string> | null,
/**
 * From day to day.
 */
breaks?: Breaks | null, };

/**
 * How often a standing order is carried out. Words as in the requests; a bank may have more.
 */
export type Execution = {
/**
 * What ends it.
 */
mode?: string | null,
/**
 * Which day, where the day falls badly.
 */
modeDue?: string | null,
/**
 * How often.
 */
interval?: string | null,
/**
 * Which day or month of the interval; a number that examples write as text.
 */
intervalDue?: TextOrNumber | null, };

/**
 * The account that pays, with its id in the list of accounts.
 */
export type OrderAccount = {
/**
 * As in the list of accounts.
 */
id?: string | null,
/**
 * Its numbers.
 */
identification?: PartyAccountNumbers | null,
/**
 * ISO 4217.
 */
currency?: string | null, };

/**
 * Ids of a standing order.
 */
export type OrderIdentification = {
/**
 * The app's own, unique.
 */
instructionIdentification?: string | null,
/**
 * The bank's, for all further calls.
 */
transactionIdentification?: string | null, };

/**
 * A payment that a standing order made.
 */
export type RealizedPayment = {
/**
 * The bank's id of the payment.
 */
transactionIdentification?: string | null,
/**
 * Its day.
 */
date?: string | null, };

/**
 * A standing order: an entry of the list, or what was asked for and what the bank made of it.
 */
export type StandingOrder = {
/**
 * Its ids.
 */
standingOrderIdentification: OrderIdentification,
/**
 * Priority and kind.
 */
paymentTypeInformation?: PaymentTypeInformation | null,
/**
 * How much each time.
 */
amount?: OrderAmount | null,
/**
 * First or next execution.
 */
requestedExecutionDate?: string | null,
/**
 * When it is carried out.
 */
standingOrder?: StandingOrderTerms | null,
/**
 * Who pays the charges: `DEBT`, `CRED`, `SHAR`, `SLEV`.
 */
chargeBearer?: string | null,
/**
 * Who pays.
 */
debtor?: Party | null,
/**
 * From where.
 */
debtorAccount?: OrderAccount | null,
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
 * Purpose of the payments.
 */
purpose?: CodeOrProprietary | null,
/**
 * A word to the payee's bank.
 */
instructionForNextAgent?: string | null,
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
 * Why.
 */
statusChangeInfo?: string | null, };

/**
 * Answer of `DELETE /my/standingorders/{id}`. One in force is deleted once this is signed.
 */
export type StandingOrderDeletion = {
/**
 * Its ids.
 */
standingOrderIdentification?: OrderIdentification | null,
/**
 * Signing of the deletion.
 */
signInfo?: SignInfo | null,
/**
 * Where it stands.
 */
instructionStatus?: InstructionStatus | null, };

/**
 * Body of `GET /my/standingorders/{id}/status`.
 */
export type StandingOrderStatus = {
/**
 * Where the order stands.
 */
instructionStatus: InstructionStatus,
/**
 * Why.
 */
statusChangeInfo?: string | null,
/**
 * What it has paid.
 */
realizedPayments?: Array<RealizedPayment> | null, };

/**
 * When a standing order is carried out.
 */
export type StandingOrderTerms = {
/**
 * The person's name for it.
 */
alias?: string | null,
/**
 * How often.
 */
execution?: Execution | null,
/**
 * How long.
 */
validity?: Validity | null,
/**
 * When not.
 */
exceptions?: Exceptions | null, };

/**
 * How long a standing order is carried out.
 */
export type Validity = {
/**
 * Last day; `null`: until it is cancelled.
 */
lastExecutionDate?: string | null,
/**
 * After so many times.
 */
maxIterations?: TextOrNumber | null,
/**
 * After so much money.
 */
maxAmount?: Amount | null, };
