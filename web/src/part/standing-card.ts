// One standing order: what for, how much and how often, when next, to whom; its signature, and its end.

import { spaced } from '../data/entry.ts';
import { leaveToSign } from '../data/signing.ts';
import type { Order } from '../data/standing.ts';
import { h } from '../dom.ts';
import { longDay, longMonth, money } from '../i18n.ts';
import { standingTexts } from '../text/standing.ts';
import { actButton } from './act.ts';
import { icon } from './icon.ts';
import { endButton } from './standing-end.ts';

/** `several`: the bank is said too. `ended` runs when an unsigned order is dropped. */
export function standingCard(order: Order, several: boolean, ended: () => void): HTMLElement {
  const { value, currency } = order.order.amount?.instructedAmount ?? {};
  const name = orderName(order);
  return h(
    'article',
    { class: 'card standing', 'data-order': order.id, 'data-standing': order.standing },
    h('h2', {}, name),
    h(
      'p',
      { class: 'standing-sum' },
      value && currency ? h('strong', { class: 'amount' }, money(value, currency)) : null,
      h('span', {}, rhythm(order)),
    ),
    order.standing === 'active' ? null : waits(order, name),
    facts(order, several),
    order.payer ? endButton(order, name, ended) : null,
    order.foreign ? h('p', { class: 'small' }, standingTexts().notOurs) : null,
  );
}

/** What it is called: the person's name for it, the message, or at least what it is. */
export function orderName({ order }: Order): string {
  const message = order.remittanceInformation?.unstructured?.trim();
  return order.standingOrder?.alias?.trim() || message || standingTexts().unnamed;
}

/** How often, in words. */
function rhythm({ schedule: { interval = '', due } }: Order): string {
  const words = standingTexts();
  if (interval === 'DAILY') return words.daily;
  if (interval === 'MONTHLY' && due) return words.monthly(due);
  const every = words.every[interval] ?? '';
  const names = { WEEKLY: words.weekdays, YEARLY: words.months }[interval];
  const when = names?.[(due ?? 0) - 1];
  return when ? `${every} ${when}` : every;
}

function facts(
  { order, next, schedule, account, own, bank }: Order,
  several: boolean,
): HTMLElement {
  const words = standingTexts();
  const { creditor, creditorAccount, debtorAccount, remittanceInformation } = order;
  const symbols = remittanceInformation?.structured?.creditorReferenceInformation?.reference;
  const { iban, other } = creditorAccount?.identification ?? {};
  const number = iban ? spaced(iban) : other?.identification;
  const from = debtorAccount?.identification?.iban;
  const over = schedule.last && !next;
  const rows: readonly (readonly [string, string | null | undefined])[] = [
    [words.next, next ? dayOrMonth(next) : over ? words.over : words.untold],
    [words.last, schedule.last && longDay(schedule.last)],
    [words.to, [own ?? creditor?.name, number].filter(Boolean).join(', ')],
    [
      words.vs,
      [symbols ?? []]
        .flat()
        .find((one) => one.startsWith('VS:'))
        ?.slice(3),
    ],
    [words.from, account ?? (from && spaced(from))],
    [words.bank, several ? bank : undefined],
  ];
  const shown = rows.flatMap(([name, told]) =>
    told ? [h('div', {}, h('dt', {}, name), h('dd', {}, told))] : [],
  );
  return h('dl', { class: 'rows' }, ...shown);
}

const dayOrMonth = (when: string): string => (when.length === 7 ? longMonth(when) : longDay(when));

/** What is waited for, and the way to it. */
function waits({ id, standing, payer, sign, order }: Order, name: string): HTMLElement {
  const words = standingTexts();
  const text = standing === 'unsigned' ? words.unsigned : words.changing;
  const act = standing === 'unsigned' ? 'create' : 'end';
  const signId = sign ?? order.signInfo?.signId ?? '';
  const button =
    payer && signId
      ? actButton({
          name: 'sign',
          text: words.sign,
          label: words.signOf(name),
          busy: words.toBank,
          work: () => leaveToSign(payer, { connection: payer.id, order: id, sign: signId, act }),
        })
      : null;
  return h(
    'div',
    { class: 'notice warn' },
    icon('warning'),
    h('div', {}, h('p', {}, text), button),
  );
}
