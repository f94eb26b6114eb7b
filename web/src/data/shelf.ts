// Everything that is connected, read once and kept while the page lives, so that going from view to
// view asks the bank nothing twice. Balance and movements of an account are of the same moment.

import type { Account, BankConnection } from 'bankconnect';
import { canRead, client } from '../bank.ts';
import { accountName } from '../part/name.ts';
import { type Balances, pick } from './balance.ts';
import { bare } from './entry.ts';
import { Ledger } from './ledger.ts';
import { dayBefore } from './series.ts';

/** Days back that movements are wanted: a year, the whole of its first month, and a few more. */
const HISTORY = 399;
/** Milliseconds after which what was read counts as old. */
const FRESH = 300_000;

/** An account, its balances (`undefined` where the bank would not tell) and its movements. */
export interface Holding {
  readonly connection: BankConnection;
  readonly account: Account;
  readonly balances: Balances | undefined;
  readonly ledger: Ledger;
}

export interface Portfolio {
  readonly connections: readonly BankConnection[];
  readonly holdings: readonly Holding[];
  /** Connections whose accounts could not be read, and why. */
  readonly failures: readonly { readonly connection: BankConnection; readonly thrown: unknown }[];
  /** When this was read. */
  readonly at: number;
}

const kept = new Map<string, { readonly at: number; readonly holding: Holding }>();
let whole: Portfolio | undefined;

/** Forgets everything: something was connected or ended, or the person wants it anew. */
export function clearShelf(): void {
  kept.clear();
  whole = undefined;
}

/** All accounts of all connections that can be read. */
export async function portfolio(signal: AbortSignal): Promise<Portfolio> {
  if (whole && fresh(whole.at)) return whole;
  const connections = await client().connections({ signal });
  const live = connections.filter(canRead);
  const failures: { connection: BankConnection; thrown: unknown }[] = [];
  const read = async (connection: BankConnection): Promise<Holding[]> => {
    try {
      const accounts = await connection.accounts({ signal }).all();
      return await Promise.all(accounts.map((account) => hold(connection, account, signal)));
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      failures.push({ connection, thrown });
      return [];
    }
  };
  const holdings = (await Promise.all(live.map(read))).flat();
  const found = { connections, holdings, failures, at: Date.now() };
  if (failures.length === 0) whole = found;
  return found;
}

/** One account. */
export async function holding(
  id: string,
  accountId: string,
  signal: AbortSignal,
): Promise<Holding> {
  const known = kept.get(key(id, accountId));
  if (known && fresh(known.at)) return known.holding;
  const connection = await client().connection(id, { signal });
  return hold(connection, await accountOf(connection, accountId, signal), signal, true);
}

/** `strict`: without balances it is a failure. */
async function hold(
  connection: BankConnection,
  account: Account,
  signal: AbortSignal,
  strict = false,
): Promise<Holding> {
  const name = key(connection.id, account.id);
  const known = kept.get(name);
  if (known?.holding.balances && fresh(known.at)) return known.holding;
  const balances = await balancesOf(connection, account, signal, strict);
  const source = {
    connection: connection.id,
    account: account.id,
    name: accountName(account),
    bank: connection.provider_name,
  };
  const today = balances?.day ?? new Date().toISOString().slice(0, 10);
  const ledger = new Ledger(connection, source, dayBefore(today, HISTORY));
  const made = { connection, account, balances, ledger };
  kept.set(name, { at: Date.now(), holding: made });
  return made;
}

async function balancesOf(
  connection: BankConnection,
  account: Account,
  signal: AbortSignal,
  strict: boolean,
): Promise<Balances | undefined> {
  try {
    return pick(await connection.balances(account.id, { signal }).all(), account.currency);
  } catch (thrown) {
    if (strict || signal.aborted) throw thrown;
    return undefined;
  }
}

async function accountOf(
  connection: BankConnection,
  id: string,
  signal: AbortSignal,
): Promise<Account> {
  for await (const account of connection.accounts({ signal })) {
    if (account.id === id) return account;
  }
  return { id, identification: {} };
}

/** The numbers of the person's own accounts. */
export function ownNumbers(holdings: readonly Holding[]): ReadonlySet<string> {
  const numbers = holdings.flatMap(({ account: { identification } }) => [
    identification.iban ?? '',
    identification.other ?? '',
  ]);
  return new Set(numbers.map(bare).filter(Boolean));
}

const key = (connection: string, account: string): string => `${connection}/${account}`;
const fresh = (at: number): boolean => Date.now() - at < FRESH;
