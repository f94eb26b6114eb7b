// The accounts of all banks with their balances, bank by bank.

import { plain, type Shown } from '../data/money.ts';
import type { Holding } from '../data/shelf.ts';
import { h } from '../dom.ts';
import { money, t } from '../i18n.ts';
import { accountPath, connectionPath } from '../router.ts';
import { icon } from './icon.ts';
import { accountName, accountNumber } from './name.ts';

/** The balance that stands for an account: what is available, or else what is booked. */
export function shown({ account, balances }: Holding): Shown {
  const sum = balances?.available ?? balances?.booked;
  if (!sum) return { currency: account.currency ?? undefined };
  return { currency: sum.currency, kind: balances?.available ? 'available' : 'booked', sum };
}

export function holdingsList(holdings: readonly Holding[]): HTMLElement {
  const banks = [...new Set(holdings.map(({ connection }) => connection.id))].map((id) =>
    holdings.filter(({ connection }) => connection.id === id),
  );
  return h('div', { class: 'holdings' }, ...banks.map(bank));
}

function bank(holdings: readonly Holding[]): HTMLElement {
  const [first] = holdings;
  if (!first) return h('div', {});
  const { id, provider_name } = first.connection;
  return h(
    'section',
    {},
    h('h3', {}, h('a', { href: connectionPath(id) }, provider_name)),
    h('ul', {}, ...holdings.map((holding) => h('li', {}, row(holding)))),
  );
}

function row(holding: Holding): HTMLElement {
  const { connection, account } = holding;
  const { sum, kind } = shown(holding);
  return h(
    'a',
    { class: 'holding', href: accountPath(connection.id, account.id) },
    h(
      'span',
      { class: 'account-name' },
      h('strong', {}, accountName(account)),
      h('span', { class: 'number' }, accountNumber(account)),
    ),
    h(
      'span',
      { class: 'holding-sum' },
      sum && h('span', { class: 'amount' }, money(plain(sum), sum.currency)),
      h('span', { class: 'small' }, kind ? t()[kind] : t().balanceMissing),
    ),
    icon('next'),
  );
}
