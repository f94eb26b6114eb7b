// Amounts as whole thousandths, so that adding them up never loses a cent, however large they are.

import type { Amount, Balance } from 'bankconnect';

/** A signed amount in thousandths of its currency. */
export interface Sum {
  readonly thousandths: bigint;
  readonly currency: string;
}

/** What the bank sends: the digits of a magnitude, and a direction beside it. */
export function signed(amount: Amount, direction: Balance['creditDebitIndicator']): Sum {
  const magnitude = thousandths(amount.value) ?? 0n;
  return { thousandths: direction === 'DBIT' ? -magnitude : magnitude, currency: amount.currency };
}

/** A decimal number, with a point or a comma, in whole thousandths; `undefined` for other text. */
export function thousandths(text: string): bigint | undefined {
  const parts = /^([+-]?)(\d+)(?:[.,](\d*))?$/.exec(text.replace(/\s/g, ''));
  if (!parts) return undefined;
  const [, sign, whole, rest = ''] = parts;
  const size = BigInt(`${whole}${rest.slice(0, 3).padEnd(3, '0')}`);
  return sign === '-' ? -size : size;
}

/** The same as a decimal number with a point, without needless zeros. */
export function decimal(value: bigint): string {
  const digits = size(value).toString().padStart(4, '0');
  const rest = digits.slice(-3).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -3)}${rest && '.'}${rest}`;
}

export const plain = (sum: Sum): string => decimal(sum.thousandths);

/** Without the sign. */
export const size = (value: bigint): bigint => (value < 0n ? -value : value);

export const add = (values: readonly bigint[]): bigint =>
  values.reduce((all, value) => all + value, 0n);

/** The smallest and the largest; zero of none. */
export function extremes(values: readonly bigint[]): readonly [bigint, bigint] {
  let [low, high] = [values[0] ?? 0n, values[0] ?? 0n];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** For drawing only: where exact digits end anyway. */
export const drawn = (value: bigint): number => Number(value) / 1000;

/** The balance shown for one account; `sum` is missing where the bank gave none. */
export interface Shown {
  /** `undefined`: it could be any. */
  readonly currency: string | undefined;
  readonly kind?: 'available' | 'booked';
  readonly sum?: Sum;
}

/**
 * Totals per currency, of `least` accounts or more. Only where every account of the currency has a
 * balance of the same kind: part of a sum, or available added to booked, would be a wrong figure.
 */
export function totals(accounts: readonly Shown[], least = 2): readonly Sum[] {
  if (accounts.some(({ currency }) => currency === undefined)) return [];
  const currencies = [...new Set(accounts.map(({ currency }) => currency))];
  return currencies.flatMap((currency) => {
    const same = accounts.filter((account) => account.currency === currency);
    const sums = same.flatMap(({ sum }) => sum ?? []);
    const whole = sums.length === same.length && new Set(same.map(({ kind }) => kind)).size === 1;
    if (!currency || same.length < least || !whole) return [];
    return [{ currency, thousandths: add(sums.map((sum) => sum.thousandths)) }];
  });
}
