/** What is known of a payment, as facts: of an order, and of what the bank has entered. */

import { make } from '../dom.js';
import type { Payment } from '../generated/cobs.js';
import type { PaymentOrder } from '../pay/types.js';
import { day } from '../when.js';
import type { Given } from './fields.js';
import { money, spaced } from './money.js';
import type { PayTexts } from './texts.js';

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
  const rows: [string, string | undefined][] = [
    [text.to, spaced(to?.iban ?? to?.account ?? '')],
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
  const { requestedExecutionDate: date, remittanceInformation: about } = payment;
  const symbols = [about?.structured?.creditorReferenceInformation?.reference ?? []].flat();
  const symbol = (code: string) =>
    symbols.find((one) => one.startsWith(`${code}:`))?.slice(code.length + 1) ?? '';
  return list([
    [text.to, payee(payment)],
    [text.amount, amount ? money(language, amount.value, amount.currency) : ''],
    [text.from, spaced(payment.debtorAccount?.identification?.iban ?? '')],
    [text.date, date ? day(language, `${date.slice(0, 10)}T12:00`) : ''],
    [text.variableSymbol, symbol('VS')],
    [text.specificSymbol, symbol('SS')],
    [text.constantSymbol, symbol('KS')],
    [text.message, about?.unstructured ?? ''],
  ]);
}

/** To whom a payment goes, as its account says. */
export function payee({ creditorAccount }: Payment): string {
  const { iban, other } = creditorAccount?.identification ?? {};
  return spaced(iban ?? other?.identification ?? '');
}

function list(rows: readonly (readonly [string, string | undefined])[]): HTMLElement[] {
  const known = rows.filter(([, value]) => value);
  if (known.length === 0) return [];
  const nodes = known.flatMap(([name, value = '']) => [
    make('dt', {}, name),
    make('dd', { part: 'fact' }, make('bdi', {}, value)),
  ]);
  return [make('dl', { part: 'facts' }, ...nodes)];
}
