// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

import type { CodeOrProprietary, ServiceLevel } from './order.js';
import type { Agent, Party } from './party.js';
import type { AmountRequest, ChargeBearer, CreditorAccountRequest, CreditorRequest, DebtorAccountRequest, InstructionPriority, OrderAmountRequest, RemittanceRequest } from './payment_request.js';

/**
 * A time without payments.
 */
export type BreakRequest = {
/**
 * First day (ISO 8601).
 */
validFromDate: string,
/**
 * Last day (ISO 8601).
 */
validToDate: string, };

/**
 * Which day is taken. The Czech National Bank has the first only; its page calls it `DUE_DAY`.
 */
export type DueMode = "DUE_DAY_OF_MONTH" | "DUE_DAY" | "DUE_OR_BEFORE_DAY_OF_MONTH" | "DUE_OR_NEXT_DAY_OF_MONTH" | "DUE_LAST_DAY_OF_MONTH";

/**
 * When a standing order is not to be carried out.
 */
export type ExceptionsRequest = {
/**
 * Months, spelt as the standard's OpenAPI file does; its examples write `stoppages`.
 */
stopages?: Array<Month>,
/**
 * From day to day.
 */
breaks?: BreakRequest, };

/**
 * What ends a standing order. The Czech National Bank has the first two.
 */
export type ExecutionMode = "UNTIL_DATE" | "UNTIL_CANCELLATION" | "AFTER_MAX_ITERATION_EXCEEDED" | "MAX_AMOUNT_EXCEEDED";

/**
 * How often a standing order is to be carried out.
 */
export type ExecutionRequest = {
/**
 * What ends it.
 */
mode: ExecutionMode,
/**
 * Which day, where the day falls badly.
 */
modeDue: DueMode,
/**
 * How often.
 */
interval: Interval,
/**
 * Which day or month of the interval: `WEEKLY` 1 to 7 (Czech National Bank: 1 to 5), `MONTHLY` 1
 * to 28, `BI_MONTHLY` 1 to 2, `QUARTERLY` 1 to 3, `HALFYEARLY` 1 to 6, `YEARLY` 1 to 12.
 */
intervalDue: number, };

/**
 * How often a standing order is carried out. The Czech National Bank has neither `BI_MONTHLY` nor
 * `IRREGULAR`.
 */
export type Interval = "DAILY" | "WEEKLY" | "MONTHLY" | "BI_MONTHLY" | "QUARTERLY" | "HALFYEARLY" | "YEARLY" | "IRREGULAR";

/**
 * A month without payments.
 */
export type Month = "JANUARY" | "FEBRUARY" | "MARCH" | "APRIL" | "MAY" | "JUNE" | "JULY" | "AUGUST" | "SEPTEMBER" | "OCTOBER" | "NOVEMBER" | "DECEMBER";

/**
 * Id of a standing order to be set up.
 */
export type OrderIdentificationRequest = {
/**
 * The app's own, unique, at most 35 characters.
 */
instructionIdentification: string, };

/**
 * How the payments of a standing order are carried out.
 */
export type OrderTypeRequest = {
/**
 * Default: `NORM`.
 */
instructionPriority?: InstructionPriority,
/**
 * Kind of the payments.
 */
serviceLevel?: ServiceLevel,
/**
 * Category of the purpose.
 */
categoryPurpose?: CodeOrProprietary, };

/**
 * A standing order to be set up or changed.
 */
export type StandingOrderRequest = {
/**
 * Its ids.
 */
standingOrderIdentification: OrderIdentificationRequest,
/**
 * Priority and kind.
 */
paymentTypeInformation?: OrderTypeRequest,
/**
 * How much each time.
 */
amount: OrderAmountRequest,
/**
 * First execution (ISO 8601).
 */
requestedExecutionDate: string,
/**
 * When it is carried out.
 */
standingOrder: StandingOrderTermsRequest,
/**
 * Who pays the charges of foreign payments.
 */
chargeBearer?: ChargeBearer,
/**
 * Who pays.
 */
debtor?: Party,
/**
 * From where.
 */
debtorAccount: DebtorAccountRequest,
/**
 * The payee's bank.
 */
creditorAgent?: Agent,
/**
 * The payee.
 */
creditor?: CreditorRequest,
/**
 * To where.
 */
creditorAccount: CreditorAccountRequest,
/**
 * Purpose of the payments.
 */
purpose?: CodeOrProprietary,
/**
 * A word to the payee's bank.
 */
instructionForNextAgent?: string,
/**
 * Message and symbols.
 */
remittanceInformation?: RemittanceRequest, };

/**
 * When a standing order is to be carried out.
 */
export type StandingOrderTermsRequest = {
/**
 * The person's name for it, at most 250 characters.
 */
alias?: string,
/**
 * How often.
 */
execution: ExecutionRequest,
/**
 * How long.
 */
validity?: ValidityRequest,
/**
 * When not.
 */
exceptions?: ExceptionsRequest, };

/**
 * How long a standing order is to be carried out.
 */
export type ValidityRequest = {
/**
 * Last day (ISO 8601), with `UNTIL_DATE`.
 */
lastExecutionDate?: string,
/**
 * So many times, with `AFTER_MAX_ITERATION_EXCEEDED`.
 */
maxIterations?: number,
/**
 * So much money, with `MAX_AMOUNT_EXCEEDED`.
 */
maxAmount?: AmountRequest, };
