// A new standing order: the form, or the way to the permission that it needs.

import { type Bank, payingBanks } from '../data/standing.ts';
import { h } from '../dom.ts';
import { icon } from '../part/icon.ts';
import { connectToPay } from '../part/pay-permission.ts';
import { standingForm } from '../part/standing-form.ts';
import { homePath, standingNewPath, standingPath } from '../router.ts';
import { standingTexts } from '../text/standing.ts';
import { backLink } from './connection.ts';
import { load, skeleton, type View } from './view.ts';

export function standingNewView(signal: AbortSignal): View {
  const words = standingTexts();
  const slot = h('div', { class: 'order-slot' });
  void load({
    slot,
    signal,
    waiting: () => h('div', { class: 'card' }, skeleton('payments', 9)),
    work: () => payingBanks(signal),
    show: ({ banks, providers }) => {
      const able = banks.filter(canEnter);
      if (able.length > 0) return standingForm(able);
      const bank = banks.find((one) => !one.orders);
      if (bank) return listOnly(bank);
      return connectToPay(providers, { onwards: standingNewPath, lead: words.needsPay });
    },
    ways: { home: homePath, reconnect: homePath },
  });
  const node = h(
    'div',
    { class: 'view narrow-view' },
    backLink(standingPath, words.backTo),
    h('h1', {}, words.addTitle),
    h('p', { class: 'lead' }, words.addLead),
    slot,
  );
  return { title: words.addTitle, node };
}

/** Whether an order can be entered through a bank. */
export const canEnter = ({ payer, orders }: Bank): boolean => payer !== undefined && orders;

/** Says that the bank's version of the standard has the list and nothing more. */
export function listOnly(bank: Bank): HTMLElement {
  const text = standingTexts().listOnly(bank.name);
  return h(
    'div',
    { class: 'notice calm', 'data-list-only': bank.name },
    icon('info'),
    h('div', {}, h('p', {}, text)),
  );
}
