// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

import type { Decimal } from './decimal.js';
import type { OneOrMany, TextOrNumber } from './lenient.js';
import type { Amount, CreditDebit, DateBox } from './money.js';
import type { Agent, Party, PartyAccount } from './party.js';

/**
 * An amount in the standard's wrapping.
 */
export type AmountBox = {
/**
 * The amount.
 */
amount?: Amount | null, };

/**
 * Amounts in other currencies.
 */
export type AmountDetails = {
/**
 * As ordered.
 */
instructedAmount?: AmountBox | null,
/**
 * Total with cashback.
 */
transactionAmount?: AmountBox | null,
/**
 * After conversion.
 */
counterValueAmount?: CounterValue | null,
/**
 * Cashback.
 */
proprietaryAmount?: ProprietaryAmount | null, };

/**
 * Kind of a movement.
 */
export type BankTransactionCode = {
/**
 * A code of the Czech Banking Association's list.
 */
proprietary?: ProprietaryCode | null, };

/**
 * Charges of a foreign payment.
 */
export type Charges = {
/**
 * `OUR`, `SHA`, `BEN`, or `DEBT`, `CRED`, `SHAR`, `SLEV`.
 */
bearer?: string | null, };

/**
 * A converted amount.
 */
export type CounterValue = {
/**
 * The amount.
 */
amount?: Amount | null,
/**
 * The conversion.
 */
currencyExchange?: CurrencyExchange | null, };

/**
 * Variable, specific and constant symbol.
 */
export type CreditorReference = {
/**
 * `VS:`, `SS:`, `KS:` and up to ten digits each.
 */
reference?: OneOrMany | null, };

/**
 * A conversion.
 */
export type CurrencyExchange = {
/**
 * From (ISO 4217).
 */
sourceCurrency?: string | null,
/**
 * To (ISO 4217).
 */
targetCurrency?: string | null,
/**
 * Rate.
 */
exchangeRate?: Decimal | null, };

/**
 * Details of a movement.
 */
export type EntryDetails = {
/**
 * As the standard's text has it. Every example has an object here; the table announces an
 * array, of which the first would count.
 */
transactionDetails?: TransactionDetails | null,
/**
 * Numbers that people and banks gave it.
 */
references?: References | null,
/**
 * Amounts in other currencies.
 */
amountDetails?: AmountDetails | null,
/**
 * Who pays the charges of a foreign payment.
 */
charges?: Charges | null,
/**
 * The two sides.
 */
relatedParties?: RelatedParties | null,
/**
 * Their banks.
 */
relatedAgents?: RelatedAgents | null,
/**
 * Purpose of the payment.
 */
purpose?: Purpose | null,
/**
 * Message and symbols.
 */
remittanceInformation?: RemittanceInformation | null,
/**
 * Free text of the bank.
 */
additionalTransactionInformation?: string | null, };

/**
 * An amount of a kind of its own.
 */
export type ProprietaryAmount = {
/**
 * `CASHBACK`
 */
type?: string | null,
/**
 * The amount.
 */
amount?: Amount | null, };

/**
 * A code and whose it is.
 */
export type ProprietaryCode = {
/**
 * E.g. `10000101000`, an outgoing domestic payment.
 */
code: TextOrNumber,
/**
 * `CBA`
 */
issuer?: string | null, };

/**
 * A party of a kind of its own.
 */
export type ProprietaryParty = {
/**
 * Kind.
 */
type?: string | null,
/**
 * The party.
 */
party?: Party | null, };

/**
 * Purpose of a payment: a code or free text.
 */
export type Purpose = {
/**
 * ISO 20022 code.
 */
code?: string | null,
/**
 * Free text.
 */
proprietary?: string | null, };

/**
 * Numbers of a payment.
 */
export type References = {
/**
 * The client's label.
 */
messageIdentification?: string | null,
/**
 * The bank's reference.
 */
accountServicerReference?: string | null,
/**
 * A further bank reference; card sequence or specific symbol.
 */
paymentInformationIdentification?: string | null,
/**
 * From a third party, or the constant symbol.
 */
instructionIdentification?: string | null,
/**
 * End-to-end reference, or the variable symbol.
 */
endToEndIdentification?: string | null,
/**
 * SEPA direct debit mandate.
 */
mandateIdentification?: string | null,
/**
 * Cheque number or masked card.
 */
chequeNumber?: string | null,
/**
 * Payment type code or card scheme.
 */
clearingSystemReference?: string | null,
/**
 * Id of the payment's initiation (COBS 7.0).
 */
paymentId?: string | null, };

/**
 * The banks of the two sides.
 */
export type RelatedAgents = {
/**
 * Of who paid.
 */
debtorAgent?: Agent | null,
/**
 * Of who was paid.
 */
creditorAgent?: Agent | null, };

/**
 * The sides of a payment; the counterparty's is filled.
 */
export type RelatedParties = {
/**
 * Who paid.
 */
debtor?: Party | null,
/**
 * From where.
 */
debtorAccount?: PartyAccount | null,
/**
 * On whose behalf.
 */
ultimateDebtor?: Party | null,
/**
 * Who was paid.
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
 * A cash machine.
 */
proprietary?: ProprietaryParty | null, };

/**
 * What the payer wrote to the payee.
 */
export type RemittanceInformation = {
/**
 * Message.
 */
unstructured?: string | null,
/**
 * Symbols.
 */
structured?: StructuredRemittance | null, };

/**
 * Wrapping of the symbols as the standard has it.
 */
export type StructuredRemittance = {
/**
 * Holds the symbols.
 */
creditorReferenceInformation?: CreditorReference | null, };

/**
 * One booked or blocked movement.
 */
export type Transaction = {
/**
 * The bank's number of the entry.
 */
entryReference?: string | null,
/**
 * In the currency of the account.
 */
amount: Amount,
/**
 * Which way the money went.
 */
creditDebitIndicator: CreditDebit,
/**
 * Whether it takes an earlier entry back.
 */
reversalIndicator?: boolean | null,
/**
 * `BOOK` booked, `PDNG` blocked.
 */
status?: string | null,
/**
 * When it was booked.
 */
bookingDate?: DateBox | null,
/**
 * From when it counts.
 */
valueDate?: DateBox | null,
/**
 * Until when a card payment stays blocked (COBS 7.0).
 */
holdExpiration?: DateBox | null,
/**
 * What kind of movement it is.
 */
bankTransactionCode?: BankTransactionCode | null,
/**
 * More, by kind.
 */
entryDetails?: EntryDetails | null, };

/**
 * Details of the payment behind a movement.
 */
export type TransactionDetails = {
/**
 * Numbers that people and banks gave it.
 */
references?: References | null,
/**
 * Amounts in other currencies.
 */
amountDetails?: AmountDetails | null,
/**
 * Who pays the charges of a foreign payment.
 */
charges?: Charges | null,
/**
 * The two sides.
 */
relatedParties?: RelatedParties | null,
/**
 * Their banks.
 */
relatedAgents?: RelatedAgents | null,
/**
 * Purpose of the payment.
 */
purpose?: Purpose | null,
/**
 * Message and symbols.
 */
remittanceInformation?: RemittanceInformation | null,
/**
 * Free text of the bank.
 */
additionalTransactionInformation?: string | null, };
