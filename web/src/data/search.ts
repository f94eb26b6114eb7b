// Finds movements in one ledger or several: what fits the words and filters, newest first, and its sums.

import { bare, type Entry, fold } from './entry.ts';
import { size, thousandths } from './money.ts';
import { Slices } from './slices.ts';

/** What the person asked for; empty strings ask for nothing. Days are `YYYY-MM-DD`. */
export interface Filter {
  readonly text: string;
  readonly direction: string;
  readonly status: string;
  readonly min: string;
  readonly max: string;
  readonly from: string;
  readonly to: string;
  readonly account: string;
}

export interface Flow {
  readonly currency: string;
  in: bigint;
  out: bigint;
}

export interface Result {
  readonly entries: readonly Entry[];
  readonly flows: readonly Flow[];
}

export const EVERYTHING: Filter = {
  text: '',
  direction: '',
  status: '',
  min: '',
  max: '',
  from: '',
  to: '',
  account: '',
};

/** How many filters beside the words are set. */
export const filters = (filter: Filter): number =>
  Object.entries(filter).filter(([name, value]) => name !== 'text' && value !== '').length;

/**
 * Looks through all lists, each newest first, in slices; nothing of `until` or older is shown yet,
 * so that what is read later only comes behind what is here. `undefined` once `signal` says that the
 * person has asked for something else meanwhile.
 */
export async function search(
  lists: readonly (readonly Entry[])[],
  until: string,
  filter: Filter,
  signal: AbortSignal,
): Promise<Result | undefined> {
  const fits = test(filter);
  const entries: Entry[] = [];
  const flows = new Map<string, Flow>();
  const slices = new Slices();
  for (const entry of newest(lists, until)) {
    if (slices.due()) {
      await slices.pause();
      if (signal.aborted) return undefined;
    }
    if (!fits(entry)) continue;
    entries.push(entry);
    count(flows, entry);
  }
  return { entries, flows: [...flows.values()] };
}

/** Several lists, each newest first, as one; a list that grows meanwhile is read to its new end. */
function* newest(lists: readonly (readonly Entry[])[], until: string): Generator<Entry> {
  const [only] = lists;
  if (only && lists.length === 1) {
    yield* only;
    return;
  }
  const at = lists.map(() => 0);
  for (;;) {
    let [best, from]: [Entry | undefined, number] = [undefined, 0];
    for (let list = 0; list < lists.length; list += 1) {
      const entry = lists[list]?.[at[list] ?? 0];
      if (entry && (!best || entry.day > best.day)) [best, from] = [entry, list];
    }
    if (!best || best.day <= until) return;
    at[from] = (at[from] ?? 0) + 1;
    yield best;
  }
}

function count(flows: Map<string, Flow>, { sum }: Entry): void {
  let flow = flows.get(sum.currency);
  if (!flow) {
    flow = { currency: sum.currency, in: 0n, out: 0n };
    flows.set(sum.currency, flow);
  }
  if (sum.thousandths < 0n) flow.out += sum.thousandths;
  else flow.in += sum.thousandths;
}

function test(filter: Filter): (entry: Entry) => boolean {
  const words = fold(filter.text).split(/\s+/).filter(Boolean);
  const number = bare(fold(filter.text)); // an account number may be typed in groups
  const [min, max] = [thousandths(filter.min), thousandths(filter.max)];
  const { direction, status, from, to, account } = filter;
  return (entry) => {
    const { day, sum, booked, text } = entry;
    if ((from && day < from) || (to && day > to)) return false;
    if (direction && (direction === 'out') !== sum.thousandths < 0n) return false;
    if (status && (status === 'booked') !== booked) return false;
    if (account && account !== entry.source.account) return false;
    if (min !== undefined && size(sum.thousandths) < min) return false;
    if (max !== undefined && size(sum.thousandths) > max) return false;
    return words.every((word) => text.includes(word)) || text.includes(number);
  };
}
