// What became of a payment, in words, with the ways that make sense from there.

import type { PartyAccount, PaymentResult } from 'bankconnect';
import { spaced } from '../data/entry.ts';
import { dayIn } from '../data/interval.ts';
import { h } from '../dom.ts';
import { longDay, moment, money, t } from '../i18n.ts';
import { paymentsPath, payPath } from '../router.ts';
import { payTexts } from '../text/pay.ts';
import { icon } from './icon.ts';

const GOOD = new Set(['settled', 'accepted']);

/** What is said of it: a title and a sentence or two. */
export function endingOf({ status, reason, payment }: PaymentResult): readonly [string, string] {
  const words = payTexts();
  const [title, text] = words.endings[status];
  const day = dayIn(payment.requestedExecutionDate);
  if (status === 'accepted' && day) return [title, words.onDay(longDay(day))];
  // of a payment that one did not sign oneself the bank's reason tells nothing more
  if (!reason || status !== 'rejected') return [title, text];
  return [title, `${words.reasons[reason] ?? words.otherReason(reason)} ${text}`];
}

/** The card; `sign` begins the signing of one that waits for it. */
export function paidCard(result: PaymentResult, sign: () => void): HTMLElement {
  const words = payTexts();
  const { status } = result;
  const [title, text] = endingOf(result);
  const good = GOOD.has(status);
  const again = good ? words.another : words.retry;
  const resume = h(
    'button',
    { type: 'button', class: 'button', 'data-act': 'sign', onclick: sign },
    words.sign,
  );
  const next = h('a', { class: 'button', href: `/${payPath}` }, again);
  return h(
    'section',
    { class: `card receipt paid ${good ? 'good' : 'calm'}`, 'data-status': status },
    h(
      'p',
      { class: 'receipt-mark' },
      icon(good ? 'check' : 'info'),
      good ? t().receiptTitle : t().callbackTitle,
    ),
    h('h1', {}, title),
    h('p', { class: 'ending' }, text),
    facts(result),
    h(
      'div',
      { class: 'actions' },
      status === 'unsigned' ? resume : next,
      h('a', { class: 'button quiet', href: `/${paymentsPath}` }, words.movements),
    ),
  );
}

/** Tells how the payment stands by now; what else is on the card stays as it is. */
export function retell(card: HTMLElement, result: PaymentResult): void {
  const [title, text] = endingOf(result);
  const good = GOOD.has(result.status);
  card.setAttribute('data-status', result.status);
  card.className = `card receipt paid ${good ? 'good' : 'calm'}`;
  card.querySelector('.receipt-mark .icon')?.replaceWith(icon(good ? 'check' : 'info'));
  for (const [selector, words] of [
    ['h1', title],
    ['.ending', text],
  ] as const) {
    const place = card.querySelector(selector);
    if (place) place.textContent = words;
  }
}

function facts({ id, payment }: PaymentResult): HTMLElement {
  const words = payTexts();
  const { amount, creditorAccount, creditor, debtorAccount, remittanceInformation } = payment;
  const { value, currency } = amount?.instructedAmount ?? {};
  const day = payment.requestedExecutionDate;
  const symbols = remittanceInformation?.structured?.creditorReferenceInformation?.reference;
  const rows: readonly (readonly [string, string | null | undefined])[] = [
    [words.amount, value && currency && money(value, currency)],
    [words.to, [creditor?.name, account(creditorAccount)].filter(Boolean).join(', ')],
    [words.from, account(debtorAccount)],
    [words.day, day && (day.includes('T') ? moment(day) : longDay(day))],
    [
      t().detail.vs,
      [symbols ?? []]
        .flat()
        .find((one) => one.startsWith('VS:'))
        ?.slice(3),
    ],
    [t().message, remittanceInformation?.unstructured],
    [words.reference, id],
  ];
  const shown = rows.flatMap(([name, told]) =>
    told ? [h('div', {}, h('dt', {}, name), h('dd', {}, told))] : [],
  );
  return h('dl', { class: 'rows' }, ...shown);
}

function account(account: PartyAccount | null | undefined): string | undefined {
  const { iban, other } = account?.identification ?? {};
  return iban ? spaced(iban) : (other?.identification ?? undefined);
}
