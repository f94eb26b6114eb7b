/** Amounts as people write and read them; every digit stays, no number in between. */

import { known } from '../when.js';

/** Digits, in groups of three where the groups cannot be taken for decimals, then decimals. */
const AMOUNT =
  /^(\d{1,3}(?:(?:\.\d{3})+(?=,)|(?:,\d{3})+(?=\.)|(?:\.\d{3}){2,}|(?:,\d{3}){2,})|\d+)(?:[.,](\d+))?$/;

/**
 * What a person has typed, as a decimal with a dot: `1 500,50` and `1,500.50` are `1500.50`. `1,500` may
 * be either, so it keeps its three decimals and is refused. What is no amount stays as it is.
 */
export function decimalOf(typed: string): string {
  const [, whole, decimals] = AMOUNT.exec(typed.replace(/[\s'’]/g, '')) ?? [];
  if (whole === undefined) return typed.trim();
  const digits = whole.replace(/\D/g, '').replace(/^0+(?=\d)/, '');
  return decimals === undefined ? digits : `${digits}.${decimals}`;
}

/** An amount in the language. */
export function money(language: string, amount: string, currency: string): string {
  if (!/^\d+(\.\d+)?$/.test(amount)) return `${amount} ${currency}`.trim(); // what an app has said wrongly
  try {
    const format = new Intl.NumberFormat(known(language), {
      style: 'currency',
      currency,
      maximumFractionDigits: 20,
    });
    return format.format(amount as `${number}`);
  } catch {
    return `${amount} ${currency}`; // no currency that the browser knows
  }
}

/** An IBAN in groups of four; anything else as it is. */
export function spaced(account: string): string {
  return /^[A-Z]{2}\d\d/.test(account) ? account.replace(/(.{4})(?=.)/g, '$1 ') : account;
}

/** The account as Czechs write it (`19-2000145399/0800`), of a Czech IBAN without spaces. */
export function czech(iban: string): string | undefined {
  const [, bank, prefix = '', number] = /^CZ\d\d(\d{4})(\d{6})(\d{10})$/.exec(iban) ?? [];
  if (!bank) return undefined;
  return `${Number(prefix) ? `${Number(prefix)}-` : ''}${Number(number)}/${bank}`;
}
