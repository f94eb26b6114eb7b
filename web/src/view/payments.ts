// The movements of all accounts in one list.

import { asFailure } from '../bank.ts';
import { type Portfolio, portfolio } from '../data/shelf.ts';
import { h } from '../dom.ts';
import { t } from '../i18n.ts';
import { failurePanel } from '../part/failure.ts';
import { movementsCard } from '../part/movements.ts';
import { homePath } from '../router.ts';
import { load, skeleton, type View } from './view.ts';

export function paymentsView(signal: AbortSignal): View {
  const slot = h('div', { class: 'payments-slot' });
  const heading = h('h1', {}, t().allPaymentsTitle);
  void load({
    slot,
    signal,
    waiting: () => h('div', { class: 'card' }, skeleton('payments', 12)),
    work: () => portfolio(signal),
    show: (found) => content(found, signal),
    ways: { reconnect: homePath, home: homePath },
  });
  return { title: t().allPaymentsTitle, node: h('div', { class: 'view' }, heading, slot) };
}

function content({ holdings, failures }: Portfolio, signal: AbortSignal): Node {
  const notices = failures.map(({ thrown }) =>
    failurePanel(asFailure(thrown), { reconnect: homePath }),
  );
  if (holdings.length > 0) {
    const list = movementsCard(
      holdings.map(({ ledger }) => ledger),
      signal,
    );
    return h('div', { class: 'view' }, ...notices, list);
  }
  if (notices.length > 0) return h('div', { class: 'view' }, ...notices);
  return h(
    'div',
    { class: 'card empty-card' },
    h('p', { class: 'lead' }, t().overviewEmpty),
    h('p', {}, h('a', { class: 'button', href: homePath }, t().connectTitle)),
  );
}
