/** What is known of a payment, as facts: of an order, and of what the bank has entered. */

import { make } from '../dom.js';
import type { Payment } from '../generated/cobs.js';
import type { PaymentOrder } from '../pay/types.js';
import { day } from '../when.js';
import type { Given } from './fields.js';
import { czech, money, spaced } from './money.js';
import type { PayTexts } from './texts.js';

/** A fact: what it is called, and what it says. */
type Row = readonly [string, string | undefined];

/** What is drawn with. */
export interface Scene {
  readonly text: PayTexts;
  readonly language: string;
}

/**
 * The facts of an order; nothing where there are none. `sent` has texts as the bank gets
 * them, `undated` is said where there is no day.
 */
export function facts(
  { text, language }: Scene,
  given: Given,
  sent: ReadonlyMap<string, string> = new Map(),
  undated = '',
): HTMLElement[] {
  const { to } = given as Partial<PaymentOrder>;
  const as = (field: string, value: string | undefined) => sent.get(field) ?? value;
  const { amount, currency, priority } = given;
  const address = Object.values(to?.address ?? {}).flat();
  const rows: Row[] = [
    [text.to, to?.iban ? both(to.iban.replace(/\s/g, '')) : to?.account],
    [text.name, as('to.name', to?.name)],
    [text.bic, to?.bic],
    [text.street, address.join(', ')],
    [text.amount, amount && money(language, amount, currency ?? '')],
    [text.from, spaced(given.from ?? '')],
    [text.date, given.date ? day(language, `${given.date}T12:00`) : undated],
    [text.priority, priority && priority !== 'NORM' ? text[priority] : ''],
    [text.variableSymbol, given.variableSymbol],
    [text.specificSymbol, given.specificSymbol],
    [text.constantSymbol, given.constantSymbol],
    [text.message, as('message', given.message)],
  ];
  return list(rows);
}

/** The facts of a payment as the bank has entered it. */
export function entered({ text, language }: Scene, payment: Payment): HTMLElement[] {
  const { instructedAmount: amount } = payment.amount ?? {};
  const { requestedExecutionDate: date } = payment;
  return list([
    [text.to, payee(payment)],
    [text.amount, amount ? money(language, amount.value, amount.currency) : ''],
    [text.from, spaced(payment.debtorAccount?.identification?.iban ?? '')],
    [text.date, date ? day(language, `${date.slice(0, 10)}T12:00`) : ''],
    ...remittance(text, payment),
  ]);
}

/** What tells two payments of one amount to one payee apart. */
export function marksOf({ text }: Scene, payment: Payment): string[] {
  return remittance(text, payment).flatMap(([name, value]) => (value ? `${name}: ${value}` : []));
}

/** To whom a payment goes, as people write it. */
export function payee(payment: Payment): string {
  const { iban, other } = payment.creditorAccount?.identification ?? {};
  const account = iban ?? other?.identification ?? '';
  return czech(account) ?? spaced(account);
}

/** A Czech account in both its forms: who has typed one will read the other from here on. */
function both(account: string): string {
  return [czech(account), spaced(account)].filter(Boolean).join('\n');
}

function remittance(text: PayTexts, { remittanceInformation: about }: Payment): Row[] {
  const symbols = [about?.structured?.creditorReferenceInformation?.reference ?? []].flat();
  const symbol = (code: string) =>
    symbols.find((one) => one.startsWith(`${code}:`))?.slice(code.length + 1);
  return [
    [text.variableSymbol, symbol('VS')],
    [text.specificSymbol, symbol('SS')],
    [text.constantSymbol, symbol('KS')],
    [text.message, about?.unstructured ?? undefined],
  ];
}

function list(rows: readonly Row[]): HTMLElement[] {
  const known = rows.filter(([, value]) => value);
  if (known.length === 0) return [];
  const nodes = known.flatMap(([name, value = '']) => [
    make('dt', {}, name),
    make('dd', { part: 'fact' }, make('bdi', {}, value)),
  ]);
  return [make('dl', { part: 'facts' }, ...nodes)];
}
