/** The one client of the app, and what the page shows of the bank. */

import {
  type Account,
  type Balance,
  BankConnect,
  type BankConnection,
  type UnfinishedPayment,
} from 'bankconnect';
import { money } from './words.ts';

export const client = new BankConnect();

/** An account as a line of the page. */
export interface Line {
  readonly name: string;
  readonly iban: string | undefined;
  readonly sum: string;
}

export interface Bank {
  /** `undefined` while nothing is connected that may read. */
  readonly accounts: readonly Line[] | undefined;
  /** The connection that may pay. */
  readonly payer: BankConnection | undefined;
  /** What a closed tab has left. */
  readonly unfinished: readonly UnfinishedPayment[];
}

/** Reads it all. Errors: `BankConnectError`. */
export async function load(): Promise<Bank> {
  const connections = await client.connections();
  const having = (scope: string) =>
    connections.find((one) => one.status === 'connected' && one.scopes.includes(scope));
  const [reader, payer] = [having('aisp'), having('pisp')];
  const [accounts, unfinished] = await Promise.all([
    reader && readAccounts(reader),
    payer ? payer.payments() : [], // loads the code of payments as well, before the button is pressed
  ]);
  return { accounts, payer, unfinished };
}

async function readAccounts(reader: BankConnection): Promise<Line[]> {
  const accounts = await reader.accounts().all();
  const lines = accounts.map(async (account) => {
    const balances = await reader.balances(account.id).all();
    return lineOf(account, balances);
  });
  return Promise.all(lines);
}

/** Of the balances the one that can be spent now, if the bank tells it. */
function lineOf({ nameI18N, identification }: Account, balances: readonly Balance[]): Line {
  const free = balances.find(({ type }) => type?.codeOrProprietary.code === 'CLAV');
  const balance = free ?? balances[0];
  const sign = balance?.creditDebitIndicator === 'DBIT' ? '-' : '';
  const number = identification.iban ?? identification.other;
  return {
    name: [nameI18N, number].filter(Boolean).join(', '),
    iban: identification.iban ?? undefined,
    sum: balance ? money(balance.amount, sign) : '',
  };
}
