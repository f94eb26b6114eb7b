// The movements of one account, newest first, read from the bank only as far as somebody looks.

import type { BankConnection, Transaction } from 'bankconnect';
import { asFailure } from '../bank.ts';
import { type Entry, readEntry } from './entry.ts';

const PAGE = 100;

export class Ledger {
  readonly entries: Entry[] = [];
  #complete = false;
  #from: string | undefined;
  #source: AsyncIterator<Transaction>;
  /** Reads follow each other: an iterator must not be asked twice at once. */
  #reading: Promise<void> = Promise.resolve();

  /** The bank's usual period, for when it does not have the whole one. */
  #usual: (() => AsyncIterator<Transaction>) | undefined;

  /** `from`: the first day wanted; a bank without it gives its usual period. */
  constructor(connection: BankConnection, account: string, from: string, signal: AbortSignal) {
    const query = { size: PAGE, sort: 'bookingDate', order: 'desc', signal } as const;
    const open = (period: { fromDate?: string }): AsyncIterator<Transaction> =>
      connection.transactions(account, { ...query, ...period })[Symbol.asyncIterator]();
    this.#from = from;
    this.#source = open({ fromDate: from });
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
        const next = await this.#next();
        if (next) this.entries.push(readEntry(next));
        else this.#complete = true;
      }
    };
    const turn = this.#reading.then(read, read);
    this.#reading = turn.catch(() => {});
    return turn;
  }

  async #next(): Promise<Transaction | undefined> {
    try {
      const { done, value } = await this.#source.next();
      this.#usual = undefined; // the period is fine
      return done ? undefined : value;
    } catch (thrown) {
      const tooOld = asFailure(thrown)?.bankCodes?.includes('DT01');
      const usual = this.#usual;
      this.#usual = undefined;
      if (!tooOld || !usual) throw thrown;
      this.#from = undefined;
      this.#source = usual();
      return this.#next();
    }
  }
}
