/** A standing consent and what can be read through it. */

import { type Core, guarded, type Options } from './core.js';
import type { Account, Balance, Transaction } from './generated/cobs.js';
import type { Connection, Receipt } from './generated/protocol.js';

/** Lets a call be given up; it then fails with code `closed`. */
export interface Abortable {
  signal?: AbortSignal;
}

/** How a list is cut and ordered; sent to the bank as it is. */
export interface Paging extends Abortable {
  /** Entries per page; the bank may give fewer. */
  size?: number;
  /** First page to read, from 0. */
  page?: number;
  /** Field names by priority, separated by commas. */
  sort?: string;
  /** `asc` or `desc` for each field of `sort`, separated by commas. */
  order?: string;
}

/** Which balances. */
export interface BalanceQuery extends Abortable {
  /** For accounts in several currencies (ISO 4217). */
  currency?: string;
}

/** Which transactions. */
export interface TransactionQuery extends Paging {
  /** First day or moment (ISO 8601). */
  fromDate?: string;
  /** Last day or moment, included (ISO 8601). */
  toDate?: string;
  /** For accounts in several currencies (ISO 4217). */
  currency?: string;
}

/** What a connection needs of its client. @internal */
export interface Link {
  readonly options: Options;
  core(): Promise<Core>;
  disconnect(id: string, options?: Abortable): Promise<Receipt>;
}

/** The fields of the broker's answer, as fields of the class. */
export interface BankConnection extends Readonly<Connection> {}

/** One person's standing consent at one bank. The fields are those of the broker's `Connection`. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor assigns every field
export class BankConnection {
  readonly #link: Link;

  /** @internal */
  constructor(fields: Connection, link: Link) {
    Object.assign(this, fields);
    this.#link = link;
  }

  /** The accounts the person chose at the bank. */
  accounts(query: Paging = {}): Reading<Account> {
    return this.#read('accounts', '', query);
  }

  /** The balances of an account. */
  balances(accountId: string, query: BalanceQuery = {}): Reading<Balance> {
    return this.#read('balances', accountId, query);
  }

  /** The transactions of an account. */
  transactions(accountId: string, query: TransactionQuery = {}): Reading<Transaction> {
    return this.#read('transactions', accountId, query);
  }

  /** Ends the consent here and at the bank. */
  disconnect(options?: Abortable): Promise<Receipt> {
    return this.#link.disconnect(this.id, options);
  }

  #read<T>(resource: Resource, account: string, query: Paging): Reading<T> {
    const { options, core } = this.#link;
    return new Reading<T>(query.page, async (page, actionId) => {
      const given = { id: this.id, account, query, page, actionId, signal: query.signal };
      return guarded<Page<T>>((await core())[resource](options, given));
    });
  }
}

type Resource = 'accounts' | 'balances' | 'transactions';

/** @internal */
interface Page<T> {
  readonly items: readonly T[];
  readonly next?: number;
}

/** Something that is read page by page, at the pace it is consumed. */
export class Reading<T> implements AsyncIterable<T> {
  readonly #first: number | undefined;
  readonly #readPage: (page: number | undefined, action: string) => Promise<Page<T>>;

  /** @internal */
  constructor(
    first: number | undefined,
    readPage: (page: number | undefined, action: string) => Promise<Page<T>>,
  ) {
    this.#first = first;
    this.#readPage = readPage;
  }

  /** Page by page. After a failure, `next()` reads the same page again. */
  pages(): AsyncIterableIterator<readonly T[], undefined> {
    const action = crypto.randomUUID();
    let [page, more] = [this.#first, true];
    const end = { done: true, value: undefined } as const;
    const read = async () => {
      if (!more) return end;
      const { items, next } = await this.#readPage(page, action);
      [page, more] = [next, next !== undefined];
      return { done: false, value: items } as const;
    };
    let last: Promise<unknown> = Promise.resolve();
    return {
      // one after another, as a generator would
      next() {
        const turn = last.then(read, read);
        last = turn;
        return turn;
      },
      return: async () => {
        more = false;
        return end;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Entry by entry; a failure ends it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for await (const items of this.pages()) yield* items;
  }

  /** Everything at once. */
  async all(): Promise<T[]> {
    const all: T[] = [];
    for await (const items of this.pages()) all.push(...items);
    return all;
  }
}
