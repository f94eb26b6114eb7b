// A standing order as a person fills it in: what is wrong with it, and the request that is sent.

import type { Interval, StandingOrderRequest } from 'bankconnect';
import { checkOrder, toSwift } from 'bankconnect/order';
import { orderText } from 'bankconnect/order-texts';
import { locale } from '../i18n.ts';
import { standingTexts } from '../text/standing.ts';
import { bare } from './entry.ts';
import { dueOf } from './interval.ts';

export const FIELDS = [
  'alias',
  'from',
  'to',
  'amount',
  'interval',
  'first',
  'last',
  'vs',
  'message',
] as const;
export type FieldName = (typeof FIELDS)[number];
export type Filled = Readonly<Record<FieldName, string>>;

/** The fields of a payment order by what they are here. */
const AS: Readonly<Record<string, FieldName>> = {
  from: 'from',
  'to.iban': 'to',
  'to.account': 'to',
  amount: 'amount',
  date: 'first',
  variableSymbol: 'vs',
  message: 'message',
};

/** What is wrong, in words, by field. */
export function faults(filled: Filled): ReadonlyMap<FieldName, string> {
  const found = new Map<FieldName, string>();
  const words = standingTexts().form;
  const say = (name: FieldName, text: string): void => {
    if (!found.has(name)) found.set(name, text);
  };
  const { kind, problems } = checkOrder(asPayment(filled));
  for (const problem of problems) {
    const name = AS[problem.field]; // the others belong to payments that are not domestic
    if (name) say(name, orderText(problem, locale()));
  }
  const { first, last, interval } = filled;
  if (!first) say('first', orderText({ rule: 'required' }, locale()));
  if (!found.has('to') && kind !== 'domestic') say('to', words.czechOnly);
  if (!found.has('first') && dueOf(interval as Interval, first) === undefined) {
    say('first', interval === 'WEEKLY' ? words.workday : words.dayOfMonth);
  }
  if (last && last < first) say('last', words.lastEarly);
  return found;
}

/** The request of an order without faults. `reference`: never used before. */
export function request(filled: Filled, reference: string): StandingOrderRequest {
  const { alias, first, last, vs, message } = filled;
  const interval = filled.interval as Interval;
  const { from, amount } = asPayment(filled);
  const remittance = {
    ...(message && { unstructured: toSwift(message) }),
    ...(vs && { structured: { creditorReferenceInformation: { reference: [`VS:${vs}`] } } }),
  };
  return {
    standingOrderIdentification: { instructionIdentification: reference },
    amount: { instructedAmount: { value: amount, currency: 'CZK' } },
    requestedExecutionDate: first,
    standingOrder: {
      ...(alias && { alias }),
      execution: {
        mode: last ? 'UNTIL_DATE' : 'UNTIL_CANCELLATION',
        modeDue: 'DUE_DAY_OF_MONTH',
        interval,
        intervalDue: dueOf(interval, first) ?? 1,
      },
      ...(last && { validity: { lastExecutionDate: last } }),
    },
    debtorAccount: { identification: { iban: from } },
    creditorAccount: { identification: { iban: ibanOf(filled.to) } },
    ...(Object.keys(remittance).length > 0 && { remittanceInformation: remittance }),
  };
}

function asPayment({ from, to, amount, first, vs, message }: Filled) {
  return {
    from: bare(from).toUpperCase(),
    to: /^[a-z]{2}\d/i.test(to) ? { iban: to } : { account: to },
    amount: bare(amount).replace(',', '.'),
    currency: 'CZK',
    ...(first && { date: first }),
    ...(vs && { variableSymbol: vs }),
    ...(message && { message }),
  };
}

/** The IBAN of a Czech account, written as one or as `prefix-base/bank` (ISO 13616). */
function ibanOf(account: string): string {
  const [, prefix = '', base = '', bank] = /^(?:(\d+)-)?(\d+)\/(\d{4})$/.exec(bare(account)) ?? [];
  if (!bank) return bare(account).toUpperCase();
  const digits = `${bank}${prefix.padStart(6, '0')}${base.padStart(10, '0')}`;
  const check = 98n - (BigInt(`${digits}123500`) % 97n); // C is 12, Z is 35
  return `CZ${`${check}`.padStart(2, '0')}${digits}`;
}
