// The movements of one account, newest first, read from the bank only as far as somebody looks.

import type { BankConnection, Transaction } from 'bankconnect';
import { asFailure } from '../bank.ts';
import { type Entry, readEntry } from './entry.ts';

const PAGE = 100;

type Pages = AsyncIterator<readonly Transaction[]>;

export class Ledger {
  readonly entries: Entry[] = [];
  #complete = false;
  #from: string | undefined;
  /** After a failure the same page is read again, so nothing is lost by asking once more. */
  #pages: Pages;
  /** The bank's usual period, for when it does not have the whole one. */
  #usual: (() => Pages) | undefined;
  /** Reads follow each other, or two readers would add the same page. */
  #reading: Promise<void> = Promise.resolve();

  /** `from`: the first day wanted; a bank without it gives its usual period. */
  constructor(connection: BankConnection, account: string, from: string, signal: AbortSignal) {
    const query = { size: PAGE, sort: 'bookingDate', order: 'desc', signal } as const;
    const open = (period: { fromDate?: string }): Pages =>
      connection.transactions(account, { ...query, ...period }).pages();
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

  /** Reads until at least `count` entries are here, or all. */
  reach(count: number): Promise<void> {
    return this.#until(() => this.entries.length >= count);
  }

  /** Reads until an entry older than `day` is here, or all. */
  reachDay(day: string): Promise<void> {
    return this.#until(() => (this.entries.at(-1)?.day ?? '9999') < day);
  }

  #until(enough: () => boolean): Promise<void> {
    const read = async (): Promise<void> => {
      while (!this.#complete && !enough()) {
        const { done, value } = await this.#next();
        if (done) this.#complete = true;
        else this.entries.push(...value.map(readEntry));
      }
    };
    const turn = this.#reading.then(read, read);
    this.#reading = turn.catch(() => {});
    return turn;
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
