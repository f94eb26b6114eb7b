// One movement: as a row of a list, and in full in a window of its own.

import { type Entry, spaced } from '../data/entry.ts';
import { plain } from '../data/money.ts';
import { h, unseen } from '../dom.ts';
import { briefDay, longDay, money, t } from '../i18n.ts';
import { payToPath } from '../router.ts';

/** What it is called: the other side, the message, or at least what kind it is. */
export function titleOf(entry: Entry): string {
  return entry.who ?? entry.message ?? t().kinds[entry.kind];
}

/** The cells of its row: day, who and what for, amount. `several`: the account is said too. */
export function paymentCells(entry: Entry, several: boolean): readonly HTMLElement[] {
  const out = entry.sum.thousandths < 0n;
  const title = titleOf(entry);
  const kind = t().kinds[entry.kind];
  const notes = [
    several && entry.source.name,
    entry.booked ? null : t().pending,
    title === kind ? null : kind,
    entry.message === title ? null : entry.message,
    entry.symbols.vs && t().vs(entry.symbols.vs),
  ].filter((note) => note);
  return [
    cell('day', h('time', { datetime: entry.day }, briefDay(entry.day))),
    cell(
      'payment-who',
      h('span', { class: 'who' }, title),
      h('span', { class: 'small' }, notes.join(' · ')),
    ),
    cell(
      'payment-sum',
      h('span', { class: out ? 'amount out' : 'amount in' }, amount(entry)),
      unseen(`, ${out ? t().paidOut : t().received}`),
    ),
  ];
}

function cell(name: string, ...content: readonly Node[]): HTMLElement {
  return h('span', { class: name, role: 'gridcell' }, ...content);
}

const amount = (entry: Entry): string => money(plain(entry.sum), entry.sum.currency, true);

/** The way to pay the same account, where money went to one. */
function payTo({ account, sum, who }: Entry): HTMLElement | null {
  if (!account || sum.thousandths >= 0n) return null;
  const href = payToPath(account, who);
  return h('a', { class: 'button', href, 'data-act': 'pay-to' }, t().payTo);
}

/** Opens everything that is known of it. The window is taken away when it is closed. */
export function openPayment(entry: Entry, place: HTMLElement): void {
  const words = t().detail;
  const { symbols } = entry;
  const rows: readonly (readonly [string, string | undefined])[] = [
    [words.day, longDay(entry.day)],
    [words.status, entry.booked ? t().statusBooked : t().pending],
    [words.kind, t().kinds[entry.kind]],
    [words.account, entry.account && spaced(entry.account)],
    [t().message, entry.message],
    [words.vs, symbols.vs],
    [words.ss, symbols.ss],
    [words.ks, symbols.ks],
    [words.own, `${entry.source.name}, ${entry.source.bank}`],
    [words.reference, entry.reference],
  ];
  const shown = rows.flatMap(([name, value]) =>
    value ? [h('div', {}, h('dt', {}, name), h('dd', {}, value))] : [],
  );
  const close = h('button', { type: 'button', class: 'button quiet' }, words.close);
  const dialog = h(
    'dialog',
    { class: 'dialog payment-detail', 'aria-labelledby': 'payment-detail-title' },
    h('h2', { id: 'payment-detail-title' }, titleOf(entry)),
    h('p', { class: entry.sum.thousandths < 0n ? 'amount out' : 'amount in' }, amount(entry)),
    h('dl', { class: 'rows' }, ...shown),
    h('div', { class: 'actions' }, payTo(entry), close),
  );
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog) dialog.close(); // beside the window
  });
  dialog.addEventListener('close', () => dialog.remove());
  place.append(dialog);
  dialog.showModal();
}
