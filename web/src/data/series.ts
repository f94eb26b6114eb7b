// The booked balance at the end of each day, worked out backwards from the balance of today.

import type { Balances } from './balance.ts';
import type { Entry } from './entry.ts';

export interface Point {
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** Thousandths of the currency at the end of the day. */
  readonly balance: number;
  /** What the day changed, in thousandths. */
  readonly change: number;
}

/** The last day of the series: the newest of what the bank said, not of this device's clock. */
export function lastDay(balances: Balances, entries: readonly Entry[]): string | undefined {
  const days = entries.filter((entry) => entry.booked).map((entry) => entry.day);
  return (
    [balances.day ?? '', ...days].reduce((newest, day) => (day > newest ? day : newest)) ||
    undefined
  );
}

/** One point per day from `from` to `to`. The entries must reach back to `from`. */
export function series(
  booked: number,
  entries: readonly Entry[],
  from: string,
  to: string,
): readonly Point[] {
  const changes = new Map<string, number>();
  for (const { booked: counts, day, sum } of entries) {
    if (counts) changes.set(day, (changes.get(day) ?? 0) + sum.thousandths);
  }
  const points: Point[] = [];
  let balance = booked;
  for (let day = to; day >= from; day = dayBefore(day, 1)) {
    const change = changes.get(day) ?? 0;
    points.push({ day, balance, change });
    balance -= change;
  }
  return points.reverse();
}

/** The day so many days before. */
export function dayBefore(day: string, days: number): string {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() - days);
  return at.toISOString().slice(0, 10);
}
