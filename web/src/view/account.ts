// One account: balance, its course over time, and the payments.

import type { Account, BankConnection } from 'bankconnect';
import { client } from '../bank.ts';
import { type Balances, pick } from '../data/balance.ts';
import { spaced } from '../data/entry.ts';
import { Ledger } from '../data/ledger.ts';
import { plain, type Sum } from '../data/money.ts';
import { dayBefore } from '../data/series.ts';
import { h } from '../dom.ts';
import { money, t } from '../i18n.ts';
import { chartCard } from '../part/chart-card.ts';
import { paymentsCard } from '../part/payments.ts';
import { connectionPath, homePath } from '../router.ts';
import { accountName, backLink, headed } from './connection.ts';
import { load, skeleton, type View } from './view.ts';

/** How far back payments are shown: a year and the days of its first chart. */
const HISTORY = 366;

interface Found {
  readonly connection: BankConnection;
  readonly account: Account;
  readonly balances: Balances;
}

export function accountView(id: string, accountId: string, signal: AbortSignal): View {
  const slot = h('div', {});
  void load({
    slot,
    signal,
    waiting: () =>
      h('div', {}, skeleton('heading', 2), skeleton('chart', 1), skeleton('payments', 8)),
    work: () => find(id, accountId, signal),
    show: (found) => content(found, signal),
    failed: headed,
    ways: { reconnect: homePath, home: homePath },
  });
  return { title: t().accountsTitle, node: h('div', { class: 'view' }, slot) };
}

async function find(id: string, accountId: string, signal: AbortSignal): Promise<Found> {
  const connection = await client().connection(id, { signal });
  const [account, balances] = await Promise.all([
    accountOf(connection, accountId, signal),
    connection.balances(accountId, { signal }).all(),
  ]);
  return { connection, account, balances: pick(balances, account.currency) };
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

function content(found: Found, signal: AbortSignal): Node {
  const { connection, account, balances } = found;
  const name = accountName(account);
  document.title = `${name} · bankconnect`;
  const today = balances.day ?? new Date().toISOString().slice(0, 10);
  const ledger = new Ledger(connection, account.id, dayBefore(today, HISTORY), signal);
  const number = account.identification.iban
    ? spaced(account.identification.iban)
    : account.identification.other;
  return h(
    'div',
    { class: 'account-view' },
    backLink(connectionPath(connection.id), t().backTo(connection.provider_name)),
    h(
      'header',
      { class: 'account-head' },
      h('div', {}, h('h1', { tabindex: -1 }, name), h('p', { class: 'number' }, number ?? '')),
      balanceBlock(balances),
    ),
    chartCard(balances, ledger, signal),
    paymentsCard(ledger, signal),
  );
}

function balanceBlock({ available, booked }: Balances): HTMLElement {
  const row = (sum: Sum | undefined, label: string, kind: string): HTMLElement | false =>
    sum !== undefined &&
    h('div', { class: kind }, h('dt', {}, label), h('dd', {}, money(plain(sum), sum.currency)));
  return h(
    'dl',
    { class: 'balances' },
    row(available, t().available, 'first'),
    row(booked, t().booked, available ? 'second' : 'first'),
  );
}
