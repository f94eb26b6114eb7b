// The receipt after disconnecting: proof for the person, to read or to print.

import type { Receipt } from 'bankconnect';
import { h } from '../dom.ts';
import { moment, t } from '../i18n.ts';
import { icon } from '../part/icon.ts';
import { go, homePath, receiptPath } from '../router.ts';
import type { View } from './view.ts';

let last: { readonly receipt: Receipt; readonly bank: string } | undefined;

/** Keeps a receipt in the memory of the page and shows it. */
export function showReceipt(receipt: Receipt, bank: string): void {
  last = { receipt, bank };
  go(receiptPath);
}

export function receiptView(_signal: AbortSignal): View {
  const home = h('a', { class: 'button quiet', href: homePath }, t().back);
  if (!last) {
    return {
      title: t().receiptTitle,
      node: h('section', { class: 'receipt' }, h('h1', {}, t().receiptTitle), home),
    };
  }
  const { receipt, bank } = last;
  const rows: readonly (readonly [string, Node | string])[] = [
    [t().receiptWhen, moment(receipt.disconnected_at)],
    [t().receiptBank, t().atBank[receipt.at_bank]],
    [t().receiptId, h('code', {}, receipt.connection)],
  ];
  const node = h(
    'section',
    { class: 'card receipt', 'data-at-bank': receipt.at_bank },
    h('p', { class: 'receipt-mark' }, icon('check'), t().receiptTitle),
    h('h1', {}, t().receiptHead(bank)),
    h(
      'dl',
      { class: 'rows' },
      ...rows.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
    ),
    h(
      'div',
      { class: 'actions' },
      h('a', { class: 'button', href: homePath }, t().back),
      h(
        'button',
        { type: 'button', class: 'button quiet', onclick: () => window.print() },
        t().receiptPrint,
      ),
    ),
  );
  return { title: t().receiptTitle, node };
}
