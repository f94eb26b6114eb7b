// The standing orders of all banks; above them what became of the one that the person has just signed.

import { asFailure, client } from '../bank.ts';
import { outcome, type Signing } from '../data/signing.ts';
import { type Orders, standingOrders } from '../data/standing.ts';
import { h } from '../dom.ts';
import { t } from '../i18n.ts';
import { announce } from '../page.ts';
import { failurePanel } from '../part/failure.ts';
import { icon } from '../part/icon.ts';
import { standingCard } from '../part/standing-card.ts';
import { homePath, rename, type Signed, standingNewPath, standingPath } from '../router.ts';
import { standingTexts } from '../text/standing.ts';
import { canEnter, listOnly } from './standing-new.ts';
import { load, skeleton, type View } from './view.ts';

/** `signed`: the person comes back from the bank with it. */
export function standingView(signed: Signed | undefined, signal: AbortSignal): View {
  const words = standingTexts();
  const told = h('div', { class: 'told' });
  const slot = h('div', { class: 'orders-slot' });
  const list = (): Promise<void> =>
    load({
      slot,
      signal,
      waiting: () => h('div', { class: 'orders' }, ...Array.from({ length: 4 }, waitingCard)),
      work: () => standingOrders(signal),
      show: (found) => content(found, dropped),
      ways: { home: homePath, reconnect: homePath },
    });
  const dropped = (): void => {
    tell(told, words.withdrawn, 'done');
    void list();
  };
  if (signed) void ended(signed, told, signal).then(list);
  else void list();
  const node = h(
    'div',
    { class: 'view' },
    h('h1', {}, words.backTo),
    h('p', { class: 'lead' }, words.lead),
    told,
    slot,
  );
  return { title: words.backTo, node };
}

/** Asks the bank how a signing has ended, and tells it. */
async function ended(signed: Signed, place: HTMLElement, signal: AbortSignal): Promise<void> {
  const words = standingTexts();
  place.replaceChildren(busy(words.busy));
  announce(words.busy);
  try {
    const connection = await client().connection(signed.connection, { signal });
    const found = await outcome(connection, signed, signal);
    if (signal.aborted) return;
    const ending = words.ended[signed.act][found];
    tell(place, ending, found);
    if (found !== 'open') rename(standingPath); // told once; what waits can be looked at again
  } catch (thrown) {
    if (signal.aborted) return;
    place.replaceChildren(failurePanel(asFailure(thrown), { home: homePath }));
  }
}

function busy(text: string): HTMLElement {
  const spinner = h('span', { class: 'spinner', 'aria-hidden': 'true' });
  return h('p', { class: 'busy told-busy' }, spinner, text);
}

function tell(place: HTMLElement, [title, text]: readonly [string, string], ending: Signing): void {
  const good = ending === 'done';
  const notice = h(
    'div',
    { class: good ? 'notice calm' : 'notice warn', 'data-signing': ending },
    icon(good ? 'check' : 'info'),
    h('div', {}, h('p', { class: 'notice-title' }, title), h('p', {}, text)),
  );
  place.replaceChildren(notice);
  announce(`${title}. ${text}`);
}

function waitingCard(): HTMLElement {
  return h('div', { class: 'card' }, skeleton('order', 5));
}

function content({ banks, orders, failures }: Orders, dropped: () => void): Node {
  const words = standingTexts();
  const notices = failures.map((thrown) =>
    failurePanel(asFailure(thrown), { reconnect: homePath }),
  );
  const add = h('a', { class: 'button', href: standingNewPath, 'data-act': 'new' }, words.add);
  const able = banks.some(canEnter);
  const needs = !able && banks.some((bank) => bank.orders);
  const several = banks.length > 1;
  const cards = orders.map((order) => h('li', {}, standingCard(order, several, dropped)));
  if (banks.length === 0) {
    return h(
      'div',
      { class: 'card empty-card' },
      h('p', { class: 'lead' }, words.connect),
      h('p', {}, h('a', { class: 'button', href: homePath }, t().connectTitle)),
    );
  }
  return h(
    'div',
    { class: 'view' },
    ...notices,
    able || needs ? h('div', { class: 'actions' }, add) : null,
    needs ? h('p', { class: 'small' }, words.needsPay) : null,
    ...banks.filter((bank) => !bank.orders).map(listOnly),
    cards.length > 0 ? h('ul', { class: 'orders' }, ...cards) : null,
    cards.length + notices.length === 0 ? h('p', { class: 'card empty' }, words.none) : null,
  );
}
