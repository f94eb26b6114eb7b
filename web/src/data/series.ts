// The booked balance at the end of each day, worked out backwards from the balance of today.

import type { Balances } from './balance.ts';
import type { Entry } from './entry.ts';

export interface Point {
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** Thousandths of the currency at the end of the day. */
  readonly balance: bigint;
  /** What the day changed, in thousandths. */
  readonly change: bigint;
}

/** The last day of the series: the newest of what the bank said, not of this device's clock. */
export function lastDay(balances: Balances, entries: readonly Entry[]): string | undefined {
  let newest = balances.day ?? '';
  for (const { booked, day } of entries) {
    if (booked && day > newest) newest = day;
  }
  return newest || undefined;
}

/** One point per day from `from` to `to`. The entries must reach back to `from`. */
export function series(
  booked: bigint,
  entries: Iterable<Entry>,
  from: string,
  to: string,
): readonly Point[] {
  const changes = new Map<string, bigint>();
  for (const { booked: counts, day, sum } of entries) {
    if (counts && day >= from) changes.set(day, (changes.get(day) ?? 0n) + sum.thousandths);
  }
  const points: Point[] = [];
  let balance = booked;
  for (let day = to; day >= from; day = dayBefore(day, 1)) {
    const change = changes.get(day) ?? 0n;
    points.push({ day, balance, change });
    balance -= change;
  }
  return points.reverse();
}

/** Several courses of one currency as one: what all accounts have together on each day. */
export function together(all: readonly (readonly Point[])[]): readonly Point[] {
  const [first, ...others] = all;
  if (!first) return [];
  return first.map((point, index) => {
    let { balance, change } = point;
    for (const points of others) {
      balance += points[index]?.balance ?? 0n;
      change += points[index]?.change ?? 0n;
    }
    return { day: point.day, balance, change };
  });
}

/** The day so many days before. */
export function dayBefore(day: string, days: number): string {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() - days);
  return at.toISOString().slice(0, 10);
}
