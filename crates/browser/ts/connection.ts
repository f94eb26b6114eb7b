/** A standing consent and what can be read through it. */

import type { Core, Options } from './core.js';
import { failure } from './error.js';
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
  ask<T>(call: (core: Core) => Promise<unknown>): Promise<T>;
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
    const needs = { id: 'string', identification: 'object' };
    return this.read({ path: ['api', 'my', 'accounts'], list: 'accounts', needs, query });
  }

  /** The balances of an account. */
  balances(accountId: string, query: BalanceQuery = {}): Reading<Balance> {
    return this.#money(accountId, 'balance', 'balances', query);
  }

  /** The transactions of an account. */
  transactions(accountId: string, query: TransactionQuery = {}): Reading<Transaction> {
    return this.#money(accountId, 'transactions', 'transactions', query);
  }

  /** Ends the consent here and at the bank. */
  disconnect(options?: Abortable): Promise<Receipt> {
    return this.#link.disconnect(this.id, options);
  }

  /** Asks the component. @internal */
  ask<T>(call: (core: Core, options: Options) => Promise<unknown>): Promise<T> {
    return this.#link.ask((core) => call(core, this.#link.options));
  }

  /** One call below this connection; the answer has what it needs. @internal */
  async call<T>({ query, needs, list, ...given }: Call): Promise<T> {
    const body = await this.ask<T>((core, options) =>
      core.call(options, { ...given, id: this.id, query: search(query) }),
    );
    const items = list ? (body as Named)?.[list] : [body];
    if (needs && !(Array.isArray(items) && items.every((item) => fits(item, needs)))) {
      throw failure('invalid_response', 'the answer is not what the standard says');
    }
    return body;
  }

  /** A list; `allowed` is waited for before each page. @internal */
  read<T>(given: List, allowed?: () => Promise<unknown>): Reading<T> {
    const { list, query } = given;
    return new Reading(query.page, async (page, actionId) => {
      await allowed?.();
      const asked = { ...query, page };
      const body = await this.call<Named>({
        ...given,
        query: asked,
        actionId,
        signal: query.signal,
      });
      const at = Number(body.pageNumber ?? page ?? 0);
      const next = Number(body.nextPage); // some examples of the standard have 0 on their only page
      return { items: body[list] as T[], next: next > at ? next : undefined };
    });
  }

  #money<T>(account: string, name: string, list: string, query: Paging): Reading<T> {
    const needs = { amount: 'object', creditDebitIndicator: 'string' };
    return this.read({ path: ['api', 'my', 'accounts', account, name], list, needs, query });
  }
}

/** A call below a connection, as the component reads it (`resources.rs`). @internal */
export interface Call {
  readonly signal?: AbortSignal | undefined;
  readonly path: readonly string[];
  readonly method?: 'POST' | 'PUT' | 'DELETE';
  readonly query?: object;
  /** JSON as text. */
  readonly body?: string;
  readonly key?: string;
  readonly actionId?: string;
  /** Name of the collection that must be in the answer. */
  readonly list?: string;
  /** What the answer, or each entry of the collection, must have: names and `typeof`. */
  readonly needs?: Readonly<Record<string, string>>;
}

/** A call for a list. @internal */
export interface List extends Call {
  readonly list: string;
  readonly query: Paging;
  readonly needs: Readonly<Record<string, string>>;
}

type Named = Readonly<Record<string, unknown>>;

function fits(value: unknown, needs: Named): boolean {
  const found = Object(value) as Named;
  return Object.keys(needs).every(
    (name) => found[name] !== null && typeof found[name] === needs[name],
  );
}

/** The query as in a URL; what is no text or number is left out. */
function search(query: object = {}): string {
  const plain = Object.entries(query).filter(([, value]) => /^[ns]/.test(typeof value));
  return plain.length ? `?${new URLSearchParams(plain)}` : '';
}

/** @internal */
interface Page<T> {
  readonly items: readonly T[];
  readonly next: number | undefined;
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
