// One account: balance, its course over time, and the payments.

import type { Balances } from '../data/balance.ts';
import { plain, type Sum } from '../data/money.ts';
import { type Holding, holding } from '../data/shelf.ts';
import { h } from '../dom.ts';
import { money, t } from '../i18n.ts';
import { chartCard } from '../part/chart-card.ts';
import { movementsCard } from '../part/movements.ts';
import { accountName, accountNumber } from '../part/name.ts';
import { connectionPath, homePath } from '../router.ts';
import { backLink, headed } from './connection.ts';
import { load, skeleton, type View } from './view.ts';

export function accountView(id: string, accountId: string, signal: AbortSignal): View {
  const slot = h('div', {});
  void load({
    slot,
    signal,
    waiting: () =>
      h('div', {}, skeleton('heading', 2), skeleton('chart', 1), skeleton('payments', 8)),
    work: () => holding(id, accountId, signal),
    show: (found) => content(found, signal),
    failed: headed,
    ways: { reconnect: homePath, home: homePath },
  });
  return { title: t().accountsTitle, node: h('div', { class: 'view' }, slot) };
}

function content({ connection, account, balances, ledger }: Holding, signal: AbortSignal): Node {
  const name = accountName(account);
  document.title = `${name} · bankconnect`;
  return h(
    'div',
    { class: 'account-view' },
    backLink(connectionPath(connection.id), t().backTo(connection.provider_name)),
    h(
      'header',
      { class: 'account-head' },
      h(
        'div',
        {},
        h('h1', { tabindex: -1 }, name),
        h('p', { class: 'number' }, accountNumber(account)),
      ),
      balances && balanceBlock(balances),
    ),
    balances && chartCard(balances, ledger, signal),
    movementsCard([ledger], signal),
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
