// What came in and went out: by month, and by who was on the other side. Transfers between the
// person's own accounts are left out, for they are neither income nor spending.

import type { Entry } from './entry.ts';
import { size } from './money.ts';

export interface Month {
  /** `YYYY-MM` */
  readonly month: string;
  readonly in: bigint;
  readonly out: bigint;
}

export interface Party {
  readonly name: string;
  readonly sum: bigint;
  readonly count: number;
}

/** Booked entries from `from` on that are not between own accounts. */
export function* spent(
  entries: Iterable<Entry>,
  from: string,
  own: ReadonlySet<string>,
): Generator<Entry> {
  for (const entry of entries) {
    const inside = entry.account !== undefined && own.has(entry.account);
    if (entry.booked && entry.day >= from && !inside) yield entry;
  }
}

/** Every month from that of `from` to that of `to`, also those without a movement. */
export function months(entries: Iterable<Entry>, from: string, to: string): readonly Month[] {
  const found = new Map<string, { month: string; in: bigint; out: bigint }>();
  for (let month = from.slice(0, 7); month <= to.slice(0, 7); month = following(month)) {
    found.set(month, { month, in: 0n, out: 0n });
  }
  for (const { day, sum } of entries) {
    const month = found.get(day.slice(0, 7));
    if (!month) continue;
    if (sum.thousandths < 0n) month.out += size(sum.thousandths);
    else month.in += sum.thousandths;
  }
  return [...found.values()];
}

/** Who was paid most, the largest first; `other` stands for entries that name nobody. */
export function parties(
  entries: Iterable<Entry>,
  most: number,
  other: (entry: Entry) => string,
): readonly Party[] {
  const found = new Map<string, { name: string; sum: bigint; count: number }>();
  for (const entry of entries) {
    if (entry.sum.thousandths >= 0n) continue;
    const name = entry.who ?? other(entry);
    const party = found.get(name) ?? { name, sum: 0n, count: 0 };
    party.sum += size(entry.sum.thousandths);
    party.count += 1;
    found.set(name, party);
  }
  const all = [...found.values()].sort((a, b) => (a.sum < b.sum ? 1 : a.sum > b.sum ? -1 : 0));
  return all.slice(0, most);
}

function following(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}
