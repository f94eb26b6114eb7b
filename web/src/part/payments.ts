// The payments of an account by day, a handful at a time; older ones are read when asked for.

import { asFailure } from '../bank.ts';
import type { Entry } from '../data/entry.ts';
import type { Ledger } from '../data/ledger.ts';
import { plain } from '../data/money.ts';
import { h, unseen } from '../dom.ts';
import { money, t, weekDay, word } from '../i18n.ts';
import { announce, replace } from '../page.ts';
import { skeleton } from '../view/view.ts';
import { failurePanel } from './failure.ts';

const STEP = 25;

export function paymentsCard(ledger: Ledger, signal: AbortSignal): HTMLElement {
  const list = h('div', { class: 'days' });
  const end = h('div', { class: 'list-end' });
  let shown = 0;

  const more = async (): Promise<void> => {
    replace(end, skeleton('payments', shown === 0 ? 8 : 2));
    try {
      await ledger.reach(shown + STEP);
    } catch (thrown) {
      const retry = (): void => void more();
      if (!signal.aborted) replace(end, failurePanel(asFailure(thrown), { retry }));
      return;
    }
    if (signal.aborted) return;
    const fresh = ledger.entries.slice(shown, shown + STEP);
    const first = append(list, fresh);
    if (shown > 0) first?.focus();
    shown += fresh.length;
    announce(t().shown(shown, word(shown, t().paymentWord)));
    replace(end, ...ending());
  };

  const ending = (): Node[] => {
    if (shown === 0) return [h('p', { class: 'empty' }, t().paymentsEmpty)];
    const count = h('p', { class: 'small' }, t().shown(shown, word(shown, t().paymentWord)));
    if (ledger.complete && shown >= ledger.entries.length) {
      return [count, h('p', { class: 'small' }, t().allShown)];
    }
    const button = h(
      'button',
      { type: 'button', class: 'button quiet', 'data-act': 'more', onclick: () => void more() },
      t().more,
    );
    return [button, count];
  };

  void more();
  return h(
    'section',
    { class: 'card payments', 'aria-labelledby': 'payments-title' },
    h('h2', { id: 'payments-title' }, t().paymentsTitle),
    list,
    end,
  );
}

/** Adds entries below the days already there; returns the first new one. */
function append(list: HTMLElement, entries: readonly Entry[]): HTMLElement | undefined {
  let first: HTMLElement | undefined;
  for (const entry of entries) {
    let day = list.lastElementChild;
    if (day?.getAttribute('data-day') !== entry.day) {
      day = h(
        'section',
        { class: 'day', 'data-day': entry.day },
        h('h3', {}, dayName(entry.day)),
        h('ul', {}),
      );
      list.append(day);
    }
    const row = paymentRow(entry);
    day.querySelector('ul')?.append(row);
    first ??= row;
  }
  return first;
}

function paymentRow(entry: Entry): HTMLElement {
  const out = entry.sum.thousandths < 0;
  const kind = t().kinds[entry.kind];
  const title = entry.who ?? entry.message ?? kind;
  const notes = [
    entry.booked ? null : t().pending,
    title === kind ? null : kind,
    entry.message === title ? null : entry.message,
    entry.symbol && t().vs(entry.symbol),
  ].filter((note) => note);
  return h(
    'li',
    { class: entry.booked ? 'payment' : 'payment pending', tabindex: -1 },
    h(
      'span',
      { class: 'payment-who' },
      h('span', { class: 'who' }, title),
      h('span', { class: 'small' }, notes.join(' · ')),
    ),
    h(
      'span',
      { class: 'payment-sum' },
      h(
        'span',
        { class: out ? 'amount out' : 'amount in' },
        money(plain(entry.sum), entry.sum.currency, true),
      ),
      h('span', { class: 'small' }, unseen(', '), out ? t().paidOut : t().received),
    ),
  );
}

function dayName(day: string): string {
  const now = new Date();
  const local = (at: Date): string =>
    new Date(at.valueOf() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  if (day === local(now)) return `${t().today}, ${weekDay(day)}`;
  now.setDate(now.getDate() - 1);
  return day === local(now) ? `${t().yesterday}, ${weekDay(day)}` : weekDay(day);
}
