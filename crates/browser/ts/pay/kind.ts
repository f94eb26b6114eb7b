/** Which kind a payment is. No request says it in COBS 2.0: the bank derives it, and so do we. */

import type { PaymentKind } from './types.js';

/** Members of the European Economic Area. */
const EEA =
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK';
/** The Single Euro Payments Area beyond it. */
const SEPA = `${EEA} AD CH GB MC SM VA`;

/** What decides. */
export interface Signs {
  /** The payer's IBAN. */
  readonly from: string;
  /** The payee's IBAN, if there is one. */
  readonly iban: string | undefined;
  readonly currency: string;
  /** Country of the payee's account. */
  readonly country: string | undefined;
}

/** The kind of a payment. */
export function kindOf({ from, iban, currency, country }: Signs): PaymentKind {
  const czech = !country || country === 'CZ';
  const inHouse = iban?.startsWith('CZ') && iban.slice(4, 8) === from.slice(4, 8);
  if (inHouse || (currency === 'CZK' && czech)) return 'domestic';
  if (currency === 'EUR' && (iban || !country) && SEPA.includes(country ?? 'CZ')) return 'sepa';
  return country && EEA.includes(country) ? 'eea' : 'non_eea';
}
