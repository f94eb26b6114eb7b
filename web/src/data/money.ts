// Amounts as whole thousandths, so that adding them up never loses a cent.

import type { Amount, Balance } from 'bankconnect';

/** A signed amount in thousandths of its currency. */
export interface Sum {
  readonly thousandths: number;
  readonly currency: string;
}

/** What the bank sends: a magnitude and a direction beside it. */
export function signed(amount: Amount, direction: Balance['creditDebitIndicator']): Sum {
  const size = Math.round(Number(amount.value) * 1000);
  return { thousandths: direction === 'DBIT' ? -size : size, currency: amount.currency };
}

export const plain = (sum: Sum): number => sum.thousandths / 1000;

/** Totals per currency, in the order in which the currencies appear. */
export function totals(sums: readonly Sum[]): readonly (Sum & { readonly count: number })[] {
  const found = new Map<string, { thousandths: number; count: number }>();
  for (const { thousandths, currency } of sums) {
    const total = found.get(currency) ?? { thousandths: 0, count: 0 };
    found.set(currency, { thousandths: total.thousandths + thousandths, count: total.count + 1 });
  }
  return [...found].map(([currency, total]) => ({ currency, ...total }));
}
