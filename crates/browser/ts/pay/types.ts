/** A payment as an app says it, and what becomes of it. */

import type { Abortable } from '../connection.js';
import type { FieldFault } from '../error.js';
import type { Payment } from '../generated/cobs.js';

/** A payment order. The bank learns the kind of payment from what is in it. */
export interface PaymentOrder {
  /** IBAN of the account that pays; a Czech one. */
  from: string;
  /** Currency of that account, where it has several (ISO 4217). */
  fromCurrency?: string;
  to: Payee;
  /** Decimal with a dot, at most two decimals: `"150.50"`. It is sent with exactly these digits. */
  amount: string;
  /** ISO 4217, e.g. `CZK`. */
  currency: string;
  /** Day of payment, `YYYY-MM-DD`. Default: the next that the bank can make. */
  date?: string;
  /** `NORM` (the bank's default), `HIGH` for the same day, `INST` for at once. */
  priority?: 'NORM' | 'HIGH' | 'INST';
  /** For the payee; at most 140 characters, with the symbols where the payment is not domestic. */
  message?: string;
  /** One to ten digits each. */
  variableSymbol?: string;
  specificSymbol?: string;
  constantSymbol?: string;
  /** Reference that goes to the payee; SEPA only. Default `NOTPROVIDED`. */
  endToEnd?: string;
  /** Who pays the charges; payments in other currencies or out of the SEPA area only. */
  charges?: 'DEBT' | 'CRED' | 'SHAR' | 'SLEV';
  /** On whose behalf the payment is made, and in whose favour, by name; SEPA only. */
  ultimateDebtor?: string;
  ultimateCreditor?: string;
  /** Your own reference, never used before. Default: made from the idempotency key. */
  reference?: string;
}

/**
 * Who is paid. It may say more than the kind of payment takes (a domestic payment takes an account
 * and nothing else); only what is taken is sent.
 */
export interface Payee {
  iban?: string;
  /** A Czech account as people write it (`19-2000145399/0800`), or one of a country without IBAN. */
  account?: string;
  /** Currency of a domestic account, where it has several. */
  currency?: string;
  name?: string;
  /** BIC of the payee's bank. */
  bic?: string;
  address?: PayeeAddress;
  /** The payee's bank where it has no BIC; out of the EEA only. */
  bank?: PayeeBank;
}

/** An address; of the fields any may be left out. */
export interface PayeeAddress {
  street?: string;
  building?: string;
  postCode?: string;
  town?: string;
  /** ISO 3166-1 alpha-2. */
  country?: string;
  /** At most two, where the parts are not known. */
  lines?: readonly string[];
}

/** A bank without BIC. */
export interface PayeeBank {
  name?: string;
  address?: PayeeAddress;
  /** Code of a clearing system (`USABA`), and the bank's number in it. */
  clearing?: { system: string; member: string };
  /** Any other identification. */
  other?: string;
}

/** `domestic`, SEPA, in the European Economic Area, out of it. */
export type PaymentKind = 'domestic' | 'sepa' | 'eea' | 'non_eea';

/** What a field of an order breaks. The list only grows. */
export type OrderRule =
  | 'required'
  | 'iban_form'
  | 'iban_length'
  | 'iban_checksum'
  | 'iban_country'
  | 'account_form'
  | 'account_checksum'
  | 'same_account'
  | 'bic_form'
  | 'amount_form'
  | 'amount_decimals'
  | 'amount_range'
  | 'currency_form'
  | 'date_form'
  | 'date_past'
  | 'unknown_word'
  | 'unknown_field'
  | 'text_form'
  | 'payee_form'
  | 'symbol_form'
  | 'country_form'
  | 'characters'
  | 'too_long'
  | 'not_for_kind';

/** One thing that is wrong with an order. */
export interface OrderProblem extends FieldFault {
  readonly rule: OrderRule;
  /** English, for developers; words for people come from `bankconnect/order-texts`. */
  readonly message: string;
}

/** What an order comes to, before anybody is asked. */
export interface OrderCheck {
  readonly kind: PaymentKind;
  /** Everything that is wrong, in the order of the form; empty when it can be sent. */
  readonly problems: readonly OrderProblem[];
  /** Texts that banks do not take as they are, and what is sent in their place. */
  readonly changes: readonly { readonly field: string; readonly sent: string }[];
}

/**
 * Where a payment is: being sent, its signing being prepared, the page about to be left, the person
 * at the bank in a popup, a code asked for, the bank being asked how it ended.
 */
export type PaymentPhase =
  | 'sending'
  | 'signing'
  | 'redirecting'
  | 'waiting'
  | 'code'
  | 'confirming';

/** How to sign, and how to watch it. */
export interface PayOptions extends Abortable {
  /** `redirect` leaves the page; `popup` needs a click and falls back to `redirect` if blocked. */
  mode?: 'redirect' | 'popup';
  /**
   * Asks the person for the code the bank has sent to the phone. With it a signing that stays in the
   * page is preferred, but for `mode: 'popup'`. Nothing, or an empty text: the person gives up, and the payment stays unsigned.
   */
  code?: (ask: CodeAsk) => Promise<string | null | undefined> | string | null | undefined;
  /** Where the bank sends the person back to. Default: the provider's callback page. */
  redirectUrl?: string | URL;
  /**
   * Plain JSON that comes back in `PaymentResult.appState`, also across a redirect. The tab remembers it, the
   * broker does not: of a payment that `payments` has found only your own `reference` tells, and its `key`.
   */
  appState?: unknown;
  onprogress?: (phase: PaymentPhase) => void;
  /** For how long an accepted payment is asked after until it is settled. Default 0. */
  settleMs?: number;
  /** The clock, for the day of payment. */
  now?: () => Date;
}

/** A question for the code. */
export interface CodeAsk {
  /** From 1. */
  readonly attempt: number;
  /** The code before was wrong. */
  readonly wrong: boolean;
  /** What the code signs, as the bank has entered it: amount and payee belong beside the question. */
  readonly payment: Payment;
}

/**
 * `settled` on the payer's account; `accepted` to be settled; `rejected` by the bank; `cancelled` by
 * the person, or after too many wrong codes; `expired`: nobody signed in time; `unsigned`: it still
 * waits for its signature.
 */
export type PaymentStatus =
  | 'settled'
  | 'accepted'
  | 'rejected'
  | 'cancelled'
  | 'expired'
  | 'unsigned';

/** What became of a payment. */
export interface PaymentResult {
  /** The bank's id. */
  readonly id: string;
  /** The idempotency key, by which the broker knows it. */
  readonly key: string;
  /** Id of the connection. */
  readonly connection: string;
  readonly status: PaymentStatus;
  /** The bank's own word, e.g. `ACSC`. */
  readonly instructionStatus: string;
  /** Why, in the bank's code, e.g. `TM01`. */
  readonly reason?: string;
  readonly signInfo: { readonly state: string; readonly signId: string };
  /**
   * The payment as the bank entered it, where a date or a text may differ from the order, with the
   * `instructionStatus` and the `signInfo` of this result. Of its other fields nothing but its id where
   * another tab has seen its end and the bank tells no more.
   */
  readonly payment: Payment;
  /** What was given to `pay`; `undefined` for a payment that `payments` has found. */
  readonly appState: unknown;
  /** Signs an `unsigned` payment. Call it from a click. */
  resume(options?: PayOptions): Promise<PaymentResult>;
}

/**
 * A payment that this browser has begun and not seen the end of. `sending`: on its way to the bank;
 * `unsigned`: entered; `unknown`: the bank's answer got lost, and only the bank knows.
 */
export interface UnfinishedPayment {
  readonly key: string;
  readonly phase: 'sending' | 'unsigned' | 'unknown';
  /** RFC 3339. */
  readonly begunAt: string;
  /** What the bank answered. */
  readonly payment: Payment | null;
  /** Finds out where it is, and signs it if it waits for that. Call it from a click. */
  resume(options?: PayOptions): Promise<PaymentResult>;
  /** Has the broker forget it; the bank is told nothing. */
  forget(): Promise<void>;
}
