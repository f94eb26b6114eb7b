/** The fields of the form, and the order that they and the app make together. */

import type { OrderProblem, PaymentOrder } from '../pay/types.js';
import { decimalOf } from './money.js';

/** Fields by name, in the order of the form. */
export const NAMES = [
  'from',
  'to',
  'name',
  'bic',
  'street',
  'postCode',
  'town',
  'country',
  'amount',
  'currency',
  'variableSymbol',
  'message',
  'specificSymbol',
  'constantSymbol',
  'date',
  'priority',
] as const;
export type FieldName = (typeof NAMES)[number];
/** What is in the fields, as it was typed. */
export type Typed = { readonly [Name in FieldName]?: string | undefined };
/** What the app has said of an order. */
export type Given = Partial<PaymentOrder>;

const ADDRESS: readonly FieldName[] = ['street', 'postCode', 'town', 'country'];

/** Whether the app has said what this field asks for. */
export function isFixed(given: Given, name: FieldName): boolean {
  const to: Partial<PaymentOrder['to']> = given.to ?? {};
  if (name === 'to') return Boolean(to.iban || to.account);
  if (name === 'name' || name === 'bic') return Boolean(to[name]);
  if (ADDRESS.includes(name)) return Boolean(to.address);
  return Boolean(given[name as keyof PaymentOrder]);
}

/** The order: what the app has said, and for the rest what was typed. */
export function orderOf(typed: Typed, given: Given): PaymentOrder {
  const said = (name: FieldName) => (isFixed(given, name) ? '' : (typed[name] ?? '').trim());
  const account = said('to').replace(/\s/g, '');
  const upper = (name: FieldName) => said(name).toUpperCase();
  const parts = { street: said('street'), postCode: said('postCode'), town: said('town') };
  const address = filledIn({ ...parts, country: upper('country') });
  const to = {
    ...(/^[a-z]{2}\d/i.test(account) ? { iban: account.toUpperCase() } : filledIn({ account })),
    ...filledIn({ name: said('name'), bic: upper('bic') }),
    ...(Object.keys(address).length > 0 && { address }),
    ...filledIn(given.to ?? {}),
  };
  const order = {
    from: upper('from').replace(/\s/g, ''),
    amount: decimalOf(said('amount')),
    currency: upper('currency') || 'CZK',
    ...filledIn({
      variableSymbol: said('variableSymbol'),
      specificSymbol: said('specificSymbol'),
      constantSymbol: said('constantSymbol'),
      message: said('message'),
      date: said('date'),
      priority: said('priority'),
    }),
    ...filledIn(given),
    to,
  };
  return order as PaymentOrder;
}

function filledIn<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value)) as Partial<T>;
}

/** The field to tell a fault at; `undefined` where the form has none for it. */
export function fieldOf({ field }: OrderProblem): FieldName | undefined {
  if (field === 'to.iban' || field === 'to.account') return 'to';
  const [, part = ''] = /^to\.address\.?(.*)$/.exec(field) ?? [];
  const name = field.startsWith('to.address') ? part || 'street' : field.replace(/^to\./, '');
  return NAMES.find((one) => one === name);
}
