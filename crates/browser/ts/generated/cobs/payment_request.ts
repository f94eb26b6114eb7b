// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

import type { Decimal } from './decimal.js';
import type { Agent, OtherAccount, Party, PostalAddress } from './party.js';

/**
 * An amount of money to be moved.
 */
export type AmountRequest = {
/**
 * At least `0.01`, at most two decimals; becomes a JSON number of the same digits.
 */
value: Decimal,
/**
 * ISO 4217, e.g. `CZK`.
 */
currency: string, };

/**
 * Who pays the charges of a foreign payment.
 */
export type ChargeBearer = "DEBT" | "CRED" | "SHAR" | "SLEV";

/**
 * The account that is paid.
 */
export type CreditorAccountRequest = {
/**
 * One of its numbers.
 */
identification: CreditorNumberRequest,
/**
 * ISO 4217; domestic only.
 */
currency?: string, };

/**
 * Number of the account that is paid; one of the two.
 */
export type CreditorNumberRequest = {
/**
 * ISO 13616, without spaces.
 */
iban?: string,
/**
 * Local number; outside SEPA only.
 */
other?: OtherAccount, };

/**
 * The payee.
 */
export type CreditorRequest = {
/**
 * Name, at most 70 characters.
 */
name: string,
/**
 * Address; required outside the EEA.
 */
postalAddress?: PostalAddress, };

/**
 * The account that pays.
 */
export type DebtorAccountRequest = {
/**
 * Its number.
 */
identification: IbanRequest,
/**
 * ISO 4217.
 */
currency?: string, };

/**
 * An international account number.
 */
export type IbanRequest = {
/**
 * ISO 13616, without spaces.
 */
iban: string, };

/**
 * The third party that asked for a payment.
 */
export type InitiatingParty = {
/**
 * Name, at most 35 characters.
 */
name?: string,
/**
 * Address in one line, at most 35 characters.
 */
postalAddress?: string, };

/**
 * How fast a payment is carried out.
 */
export type InstructionPriority = "NORM" | "HIGH" | "INST";

/**
 * The amount of an order, in the standard's wrapping.
 */
export type OrderAmountRequest = {
/**
 * The amount.
 */
instructedAmount: AmountRequest, };

/**
 * Ids of a payment to be made.
 */
export type PaymentIdentificationRequest = {
/**
 * The app's own, unique, at most 35 characters.
 */
instructionIdentification: string,
/**
 * For the payee; required by SEPA (`NOTPROVIDED` if there is none), missing elsewhere.
 */
endToEndIdentification?: string, };

/**
 * A payment to be made: domestic, SEPA, in the European Economic Area (EEA) or beyond.
 */
export type PaymentRequest = {
/**
 * Its ids.
 */
paymentIdentification: PaymentIdentificationRequest,
/**
 * Priority.
 */
paymentTypeInformation?: PriorityRequest,
/**
 * How much.
 */
amount: OrderAmountRequest,
/**
 * The day to carry it out (ISO 8601); the bank's next if missing.
 */
requestedExecutionDate?: string,
/**
 * Who pays the charges; EEA and beyond only.
 */
chargeBearer?: ChargeBearer,
/**
 * On whose behalf; SEPA only.
 */
ultimateDebtor?: Party,
/**
 * From where.
 */
debtorAccount: DebtorAccountRequest,
/**
 * The payee's bank; not domestic. With `bic` in the EEA.
 */
creditorAgent?: Agent,
/**
 * The payee; required unless domestic, where it must be missing.
 */
creditor?: CreditorRequest,
/**
 * To where.
 */
creditorAccount: CreditorAccountRequest,
/**
 * For whom in the end; SEPA only.
 */
ultimateCreditor?: Party,
/**
 * Message and symbols.
 */
remittanceInformation?: RemittanceRequest,
/**
 * The original third party, where another asks for it.
 */
initiatingParty?: InitiatingParty, };

/**
 * How fast.
 */
export type PriorityRequest = {
/**
 * Default: `NORM`.
 */
instructionPriority?: InstructionPriority, };

/**
 * What the payer writes to the payee.
 */
export type RemittanceRequest = {
/**
 * Message, at most 140 characters.
 */
unstructured?: string,
/**
 * Symbols; domestic only.
 */
structured?: StructuredRequest, };

/**
 * Wrapping of the symbols as the standard has it.
 */
export type StructuredRequest = {
/**
 * Holds the symbols.
 */
creditorReferenceInformation: SymbolsRequest, };

/**
 * Variable, specific and constant symbol.
 */
export type SymbolsRequest = {
/**
 * `VS:`, `SS:`, `KS:` and up to ten digits; each at most once.
 */
reference: Array<string>, };
