// The movements of one account, newest first, read from the bank only as far as somebody looks.

import type { BankConnection, Transaction } from 'bankconnect';
import { asFailure } from '../bank.ts';
import { type Entry, readEntry, type Source } from './entry.ts';

/** Enough to need few calls, and so few that reading a page in is never felt. */
const PAGE = 250;

type Pages = AsyncIterator<readonly Transaction[]>;

export class Ledger {
  readonly source: Source;
  readonly entries: Entry[] = [];
  #complete = false;
  #from: string | undefined;
  /** After a failure the same page is read again, so nothing is lost by asking once more. */
  #pages: Pages;
  /** The bank's usual period, for when it does not have the whole one. */
  #usual: (() => Pages) | undefined;
  /** The page under way: two readers must not add it twice. */
  #reading: Promise<void> | undefined;
  readonly #listeners = new Set<() => void>();

  /** `from`: the first day wanted; a bank without it gives its usual period. */
  constructor(connection: BankConnection, source: Source, from: string) {
    const query = { size: PAGE, sort: 'bookingDate', order: 'desc' } as const;
    const open = (period: { fromDate?: string }): Pages =>
      connection.transactions(source.account, { ...query, ...period }).pages();
    this.source = source;
    this.#from = from;
    this.#pages = open({ fromDate: from });
    this.#usual = () => open({});
  }

  /** From which day on nothing is missing once everything is read. */
  get since(): string {
    return this.#from ?? this.entries.at(-1)?.day ?? '9999';
  }

  /** True once the bank has nothing older. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Calls back after every page, until `signal`. */
  listen(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener));
  }

  /** Reads until at least `count` entries are here, or all. */
  reach(count: number): Promise<void> {
    return this.#until(() => this.entries.length >= count);
  }

  /** Reads until an entry older than `day` is here, or all. */
  reachDay(day: string): Promise<void> {
    return this.#until(() => (this.entries.at(-1)?.day ?? '9999') < day);
  }

  /** Reads everything the bank has, or as far as it gets until `signal`. */
  readAll(signal: AbortSignal): Promise<void> {
    return this.#until(() => signal.aborted);
  }

  async #until(enough: () => boolean): Promise<void> {
    while (!this.#complete && !enough()) await this.#page();
  }

  /** The next page; everybody who waits for it shares it, and its failure. */
  #page(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const { done, value } = await this.#next();
    if (done) this.#complete = true;
    else for (const one of value) this.entries.push(readEntry(one, this.source));
    for (const listener of [...this.#listeners]) listener();
  }

  async #next(): Promise<IteratorResult<readonly Transaction[]>> {
    try {
      const page = await this.#pages.next();
      this.#usual = undefined; // the period is fine
      return page;
    } catch (thrown) {
      const tooOld = asFailure(thrown)?.bankCodes?.includes('DT01');
      if (!tooOld || !this.#usual) throw thrown;
      this.#pages = this.#usual();
      this.#usual = this.#from = undefined;
      return this.#next();
    }
  }
}
