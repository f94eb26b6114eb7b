// One connected bank: its accounts with their balances, and what is shared.

import type { Account, BankConnection } from 'bankconnect';
import { asFailure, client, purposeOf } from '../bank.ts';
import { pick } from '../data/balance.ts';
import { plain, type Shown, totals } from '../data/money.ts';
import { h, put } from '../dom.ts';
import { money, t, word } from '../i18n.ts';
import { announce } from '../page.ts';
import { connectAgain } from '../part/connect.ts';
import { icon } from '../part/icon.ts';
import { accountName, accountNumber } from '../part/name.ts';
import { sharedPanel, showLastUse } from '../part/shared.ts';
import { accountPath, homePath, payPath, standingPath } from '../router.ts';
import { showReceipt } from './receipt.ts';
import { load, skeleton, type View } from './view.ts';

interface Visit {
  readonly fresh: boolean;
  readonly signal: AbortSignal;
  /** Runs, once, when the bank turns out to have ended the connection. */
  readonly ended?: () => void;
}

const WAYS = { reconnect: homePath, home: homePath };

/** `fresh`: the person has just connected it. */
export function connectionView(id: string, fresh: boolean, signal: AbortSignal): View {
  const slot = h('div', {});
  const open = (visit: Visit): void =>
    void load({
      slot,
      signal,
      waiting: () => h('div', {}, skeleton('heading', 1), skeleton('account-list', 6)),
      work: () => client().connection(id, { signal }),
      show: (connection) => content(connection, visit),
      failed: headed,
      ways: WAYS,
    });
  open({ fresh, signal, ended: () => open({ fresh: false, signal }) });
  const node = h('div', { class: 'view' }, backLink(homePath, t().back), slot);
  return { title: t().accountsTitle, node };
}

/** A failure in the place of a whole view, with a heading. */
export function headed(notice: HTMLElement): Node {
  return h('div', { class: 'view' }, h('h1', {}, t().accountsTitle), notice);
}

export function backLink(href: string, text: string): HTMLElement {
  return h('p', { class: 'backlink' }, h('a', { href }, icon('back'), text));
}

function content(connection: BankConnection, visit: Visit): Node {
  const { fresh, signal } = visit;
  document.title = `${connection.provider_name} · bankconnect`;
  const panel = sharedPanel(connection, (receipt) =>
    showReceipt(receipt, connection.provider_name),
  );
  const read = async (): Promise<void> => {
    showLastUse(panel, await client().connection(connection.id, { signal }));
  };
  const open = () =>
    purposeOf(connection) === 'pay' ? payPart() : accountsPart(connection, visit, read);
  const left = connection.status === 'connected' ? open() : endedPart(connection);
  const toast =
    fresh &&
    h('p', { class: 'toast' }, icon('check'), t().connectedToast(connection.provider_name));
  if (fresh) announce(t().connectedToast(connection.provider_name));
  return h(
    'div',
    {},
    h('h1', { tabindex: -1 }, connection.provider_name),
    toast,
    h('div', { class: 'columns' }, left, panel),
  );
}

function endedPart(connection: BankConnection): HTMLElement {
  return h(
    'section',
    { class: 'card ended' },
    h('h2', {}, icon('warning'), t().reconnectTitle),
    h('p', {}, connection.reason ? t().reasons[connection.reason] : t().reasons.ended_by_bank),
    connectAgain(connection, t().connectAgain),
  );
}

/** A permission to pay opens no accounts. */
function payPart(): HTMLElement {
  return h(
    'section',
    { class: 'card pay-part' },
    h('h2', {}, t().payTitle),
    h('p', {}, t().payPart),
    h(
      'div',
      { class: 'actions' },
      h('a', { class: 'button', href: payPath }, t().pay),
      h('a', { class: 'button quiet', href: standingPath }, t().places.standing),
    ),
  );
}

/** `read` runs once accounts and balances have been read. */
function accountsPart(
  connection: BankConnection,
  { signal, ended }: Visit,
  read: () => Promise<void>,
): HTMLElement {
  const work = async (): Promise<readonly Account[]> => {
    try {
      return await connection.accounts({ signal }).all();
    } catch (thrown) {
      if (asFailure(thrown)?.code === 'reconnect') ended?.();
      throw thrown;
    }
  };
  const slot = h('div', {});
  void load({
    slot,
    signal,
    waiting: () => skeleton('account-list', 6),
    work,
    show: (accounts) => accountList(connection, accounts, signal, read),
    ways: WAYS,
  });
  return h('section', { class: 'accounts' }, h('h2', {}, t().accountsTitle), slot);
}

function accountList(
  connection: BankConnection,
  accounts: readonly Account[],
  signal: AbortSignal,
  read: () => Promise<void>,
): Node {
  if (accounts.length === 0) return h('p', { class: 'card empty' }, t().accountsEmpty);
  announce(t().shown(accounts.length, word(accounts.length, t().accountWord)));
  const total = h('div', {});
  const found: Promise<Shown>[] = [];
  const items = accounts.map((account) => {
    const slot = h('span', { class: 'balance-slot' });
    found.push(balanceOf(connection, account, slot, signal));
    return h('li', {}, accountCard(connection, account, slot));
  });
  void Promise.all(found)
    .then((balances) => put(total, totalList(balances)))
    .then(read)
    .catch(() => {}); // the rest of the page does not hang on the time of the last reading
  return h('div', {}, h('ul', { class: 'account-list' }, ...items), total);
}

function accountCard(connection: BankConnection, account: Account, slot: HTMLElement): HTMLElement {
  return h(
    'a',
    {
      class: 'card account',
      href: accountPath(connection.id, account.id),
      'data-account': account.id,
    },
    h(
      'span',
      { class: 'account-name' },
      h('strong', {}, accountName(account)),
      h('span', { class: 'number' }, accountNumber(account)),
    ),
    slot,
    icon('next'),
  );
}

async function balanceOf(
  connection: BankConnection,
  account: Account,
  slot: HTMLElement,
  signal: AbortSignal,
): Promise<Shown> {
  put(slot, skeleton('amount', 1));
  try {
    const { available, booked } = pick(
      await connection.balances(account.id, { signal }).all(),
      account.currency,
    );
    const sum = available ?? booked;
    if (!sum) throw new Error('the bank sent no balance of a known kind');
    const kind = available ? 'available' : 'booked';
    put(
      slot,
      h('span', { class: 'amount' }, money(plain(sum), sum.currency)),
      h('span', { class: 'small' }, t()[kind]),
    );
    return { currency: sum.currency, kind, sum };
  } catch {
    put(slot, h('span', { class: 'small' }, t().balanceMissing));
    return { currency: account.currency ?? undefined };
  }
}

function totalList(balances: readonly Shown[]): HTMLElement | null {
  const all = totals(balances);
  if (all.length === 0) return null;
  const rows = all.map((sum) =>
    h(
      'div',
      {},
      h('dt', {}, t().total(sum.currency)),
      h('dd', {}, money(plain(sum), sum.currency)),
    ),
  );
  return h('dl', { class: 'totals' }, ...rows);
}
