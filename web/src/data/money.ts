// Amounts as whole thousandths, so that adding them up never loses a cent.

import type { Amount, Balance } from 'bankconnect';

/** A signed amount in thousandths of its currency. */
export interface Sum {
  readonly thousandths: number;
  readonly currency: string;
}

/** What the bank sends: the digits of a magnitude, and a direction beside it. */
export function signed(amount: Amount, direction: Balance['creditDebitIndicator']): Sum {
  const [whole, fraction = ''] = amount.value.split('.');
  const size = Number(whole + fraction.slice(0, 3).padEnd(3, '0'));
  return { thousandths: direction === 'DBIT' ? -size : size, currency: amount.currency };
}

export const plain = (sum: Sum): number => sum.thousandths / 1000;

/** The balance shown for one account; `sum` is missing where the bank gave none. */
export interface Shown {
  /** `undefined`: it could be any. */
  readonly currency: string | undefined;
  readonly kind?: 'available' | 'booked';
  readonly sum?: Sum;
}

/**
 * Totals per currency, of two accounts or more. Only where every account of the currency has a
 * balance of the same kind: part of a sum, or available added to booked, would be a wrong figure.
 */
export function totals(accounts: readonly Shown[]): readonly Sum[] {
  if (accounts.some(({ currency }) => currency === undefined)) return [];
  const currencies = [...new Set(accounts.map(({ currency }) => currency))];
  return currencies.flatMap((currency) => {
    const same = accounts.filter((account) => account.currency === currency);
    const sums = same.flatMap(({ sum }) => sum ?? []);
    const whole = sums.length === same.length && new Set(same.map(({ kind }) => kind)).size === 1;
    if (!currency || same.length < 2 || !whole) return [];
    return [{ currency, thousandths: sums.reduce((all, sum) => all + sum.thousandths, 0) }];
  });
}
