/**
 * Checks an order and writes the request of its kind (COBS 2.0 §3.3.1): every error at once, and no
 * element that must not occur. Whatever the payee is may be said, and is sent where the kind takes
 * it; what the order asks for (charges, references) is sent or refused.
 */

import { brokenIban, compact, ibanOf } from './account.js';
import { kindOf } from './kind.js';
import { Notes, some } from './notes.js';
import { partner } from './partner.js';
import type { OrderCheck, Payee, PaymentKind, PaymentOrder } from './types.js';

/** An order as it would be sent. */
export interface Draft extends OrderCheck {
  /** The body of `POST /my/payments`; the amount is still text. */
  readonly body: object;
}

/** The fields there are: one more, such as a misspelt symbol, would be left out unseen. */
const ORDER: Record<keyof PaymentOrder, 1> = {
  ...{ from: 1, fromCurrency: 1, to: 1, amount: 1, currency: 1, date: 1, priority: 1, message: 1 },
  ...{ variableSymbol: 1, specificSymbol: 1, constantSymbol: 1, endToEnd: 1, charges: 1 },
  ...{ ultimateDebtor: 1, ultimateCreditor: 1, reference: 1 },
};
const PAYEE: Record<keyof Payee, 1> = {
  ...{ iban: 1, account: 1, currency: 1, name: 1, bic: 1, address: 1, bank: 1 },
};

/** Most of each kind, in hundredths. */
const MOST: Readonly<Record<PaymentKind, bigint>> = {
  domestic: 100_000_000_000_000n,
  sepa: 99_999_999_999n,
  eea: 99_999_999_999_999_999n,
  non_eea: 99_999_999_999_999_999n,
};

/** Checks an order. `now` tells which days are past, by the time in Prague. */
export function checkOrder(order: PaymentOrder, now: Date = new Date()): OrderCheck {
  const { kind, problems, changes } = draft(order, '', now);
  return { kind, problems, changes };
}

/** The request of an order; `reference` is for one without its own. */
export function draft(given: PaymentOrder, reference: string, now: Date): Draft {
  const notes = new Notes();
  const { problems, changes } = notes;
  const order = notes.texts(given);
  const to = typeof order.to === 'object' ? (order.to ?? {}) : {}; // an app may have no types
  notes.known('', order, ORDER);
  notes.known('to.', to, PAYEE);
  const payer = iban(notes, 'from', compact(order.from ?? ''));
  if (payer && !payer.startsWith('CZ')) notes.refuse('from', 'iban_country');
  const asked = compact(to.iban ?? '');
  const field = asked || !to.account ? 'to.iban' : 'to.account';
  const payee = asked || ibanOf(compact(to.account ?? ''));
  const bic = to.bic ? compact(to.bic) : undefined;
  const kind = kindOf({
    from: payer ?? '',
    iban: payee,
    // as long as it is not known, nothing more is asked for
    currency: /^[A-Z]{3}$/.test(order.currency) ? order.currency : 'CZK',
    country: payee ? /^[A-Z]{2}/.exec(payee)?.[0] : (bic?.slice(4, 6) ?? to.address?.country),
  });
  if (payee && payee === payer) notes.refuse(field, 'same_account');
  const body = {
    paymentIdentification: {
      instructionIdentification: notes.text('reference', order.reference, 35) ?? reference,
      endToEndIdentification: endToEnd(notes, order, kind),
    },
    paymentTypeInformation: some({
      instructionPriority: notes.match(
        'priority',
        order.priority,
        /^(NORM|HIGH|INST)$/,
        'unknown_word',
      ),
    }),
    amount: { instructedAmount: amount(notes, order, kind) },
    requestedExecutionDate: date(notes, order.date, now),
    debtorAccount: {
      identification: { iban: payer },
      currency: currency(notes, 'fromCurrency', order.fromCurrency),
    },
    creditorAccount: {
      identification: payee
        ? { iban: iban(notes, field, payee) }
        : { other: other(notes, field, to.account, kind) },
      currency: kind === 'domestic' ? currency(notes, 'to.currency', to.currency) : undefined,
    },
    ...(kind === 'domestic' ? {} : partner(notes, to, bic, kind)),
    ...extras(notes, order, kind),
    remittanceInformation: remittance(notes, order, kind),
  };
  return { kind, body, problems, changes };
}

function iban(notes: Notes, field: string, given: string): string | undefined {
  const rule = given ? brokenIban(given) : 'required';
  return rule ? notes.refuse(field, rule) : given;
}

/** An account in a country without IBAN. */
function other(notes: Notes, field: string, account: string | undefined, kind: PaymentKind) {
  if (account && (kind === 'domestic' || kind === 'sepa')) notes.refuse(field, 'account_form');
  return { identification: notes.text(field, notes.need(field, account), 34) };
}

function amount(notes: Notes, order: PaymentOrder, kind: PaymentKind) {
  const value = String(order.amount ?? '');
  const [, whole = '', decimals = ''] = /^(0|[1-9]\d*)(?:\.(\d+))?$/.exec(value) ?? [];
  if (!value) notes.refuse('amount', 'required');
  else if (!whole || typeof order.amount !== 'string') notes.refuse('amount', 'amount_form');
  else if (decimals.length > 2) notes.refuse('amount', 'amount_decimals');
  else {
    const hundredths = BigInt(whole + decimals.padEnd(2, '0'));
    if (hundredths < 1n || hundredths > MOST[kind]) notes.refuse('amount', 'amount_range');
  }
  return { value, currency: currency(notes, 'currency', notes.need('currency', order.currency)) };
}

function currency(notes: Notes, field: string, given: string | undefined): string | undefined {
  return notes.match(field, given, /^[A-Z]{3}$/, 'currency_form');
}

function date(notes: Notes, day: string | undefined, now: Date): string | undefined {
  if (!day) return undefined;
  const read = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(`${day}T00:00Z`) : undefined;
  // a day that there is not becomes another one, or none
  if (!read || !(read.getTime() + 1) || read.toISOString().slice(0, 10) !== day) {
    return notes.refuse('date', 'date_form');
  }
  const today = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Prague' }).format(now);
  return day < today ? notes.refuse('date', 'date_past') : day;
}

function endToEnd(notes: Notes, order: PaymentOrder, kind: PaymentKind): string | undefined {
  const given = notes.text('endToEnd', order.endToEnd, 35);
  if (kind === 'sepa') return given ?? 'NOTPROVIDED';
  return given && notes.refuse('endToEnd', 'not_for_kind');
}

/** What only some kinds take. */
function extras(notes: Notes, order: PaymentOrder, kind: PaymentKind) {
  const only = <T>(field: string, value: T | undefined, fits: boolean): T | undefined =>
    value && !fits ? notes.refuse(field, 'not_for_kind') : value;
  const named = (field: 'ultimateDebtor' | 'ultimateCreditor') => {
    const name = only(field, notes.text(field, order[field], 70), kind === 'sepa');
    return name && { name };
  };
  const { charges } = order;
  return {
    chargeBearer: only(
      'charges',
      notes.match('charges', charges, /^(DEBT|CRED|SHAR|SLEV)$/, 'unknown_word'),
      kind.endsWith('eea'),
    ),
    ultimateDebtor: named('ultimateDebtor'),
    ultimateCreditor: named('ultimateCreditor'),
  };
}

/** Symbols go by themselves where the payment is domestic, else before the message. */
function remittance(notes: Notes, order: PaymentOrder, kind: PaymentKind) {
  const symbols: [string, string][] = [];
  for (const [code, field] of [
    ['VS', 'variableSymbol'],
    ['SS', 'specificSymbol'],
    ['KS', 'constantSymbol'],
  ] as const) {
    const symbol = notes.match(field, order[field], /^\d{1,10}$/, 'symbol_form');
    if (symbol) symbols.push([code, symbol]);
  }
  if (kind === 'domestic') {
    const reference = symbols.map(([code, symbol]) => `${code}:${symbol}`);
    return some({
      unstructured: notes.text('message', order.message, 140),
      structured: reference.length ? { creditorReferenceInformation: { reference } } : undefined,
    });
  }
  const before = symbols.map(([code, symbol]) => `/${code}/${symbol}`).join('');
  const message = [before, order.message].filter(Boolean).join(' ');
  return some({ unstructured: notes.text('message', message, 140, order.message ?? '') });
}
