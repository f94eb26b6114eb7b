// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

import type { Decimal } from './decimal.js';
import type { TextOrNumber } from './lenient.js';
import type { DebtorAccountRequest } from './payment_request.js';

/**
 * The answer.
 */
export type BalanceCheck = {
/**
 * The bank's id.
 */
responseIdentification?: TextOrNumber | null,
/**
 * The app's.
 */
exchangeIdentification?: TextOrNumber | null,
/**
 * The answer itself.
 */
response: BalanceVerdict, };

/**
 * The question.
 */
export type BalanceCheckRequest = {
/**
 * The app's own id, unique, at most 18 characters.
 */
exchangeIdentification: string,
/**
 * The card that is to pay.
 */
card?: CardRequest,
/**
 * The account; its currency is better left out.
 */
debtorAccount: DebtorAccountRequest,
/**
 * How the person was recognised, e.g. `NPIN`, `PSWD` or `BIOM`.
 */
authenticationMethod?: string,
/**
 * Who is to be paid.
 */
merchant?: MerchantRequest,
/**
 * How much.
 */
transactionDetails: TransactionDetailsRequest, };

/**
 * `APPR`: there is enough money; `DECL`: there is not.
 */
export type BalanceVerdict = 'APPR' | 'DECL' | (string & {});

/**
 * A card.
 */
export type CardRequest = {
/**
 * Name on it, at most 45 characters.
 */
cardholderName?: string,
/**
 * Its number with `*` or spaces in place of some digits.
 */
maskedPan: string, };

/**
 * Who is to be paid.
 */
export type MerchantRequest = {
/**
 * Registered number, at most 35 characters.
 */
identification: string,
/**
 * `OPOI`, `MERC`, `ACCP`, `ITAG`, `ACQR`, `CISS` or `DLIS`.
 */
type?: string,
/**
 * At most 35 characters.
 */
shortName: string,
/**
 * At most 70 characters.
 */
commonName: string,
/**
 * At most 140 characters.
 */
address?: string,
/**
 * ISO 3166-1 alpha-2.
 */
countryCode?: string,
/**
 * ISO 18245, 3 to 4 characters.
 */
merchantCategoryCode: string, };

/**
 * How much is to be paid.
 */
export type TransactionDetailsRequest = {
/**
 * ISO 4217.
 */
currency: string,
/**
 * At most two decimals; becomes a JSON number of the same digits.
 */
totalAmount: Decimal, };
