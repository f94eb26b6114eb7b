// The form of a new standing order. What is wrong is said at its field, on leaving it and before anything is
// sent; the order then goes to the bank once, and the person to the bank's page to sign it.

import type { BankConnection } from 'bankconnect';
import { cobs } from 'bankconnect/cobs';
import { INTERVALS, today } from '../data/interval.ts';
import { leaveToSign } from '../data/signing.ts';
import { type Bank, OURS } from '../data/standing.ts';
import { FIELDS, type FieldName, type Filled, faults, request } from '../data/standing-request.ts';
import { h, put } from '../dom.ts';
import { announce } from '../page.ts';
import { go, standingPath } from '../router.ts';
import { standingTexts } from '../text/standing.ts';
import { once } from './act.ts';
import { type Field, field } from './field.ts';
import { accountName, accountNumber } from './name.ts';

type Fields = Readonly<Record<FieldName, Field>>;

/** An order on its way; the same one again goes under the same key. */
interface Sending {
  readonly said: string;
  readonly key: string;
}

/** `banks`: those through which an order can be entered; at least one. */
export function standingForm(banks: readonly Bank[]): HTMLFormElement {
  const words = standingTexts().form;
  const fields = make(banks, (name) => {
    const found = faults(filled(fields));
    // of an empty field one is told when one wants to go on
    if (fields[name].value) fields[name].fault(found.get(name));
  });
  const problem = h('div', { class: 'wide problem' });
  const submit = h('button', { type: 'submit', class: 'button' }, words.submit);
  const form = h(
    'form',
    { class: 'card order-form', novalidate: true, autocomplete: 'off' },
    ...FIELDS.map((name) => fields[name].node),
    h('p', { class: 'small wide' }, words.note),
    h('div', { class: 'wide actions' }, submit),
    problem,
  );
  let sending: Sending | undefined;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    put(problem);
    if (!isRight(fields)) return;
    const values = filled(fields);
    const said = JSON.stringify(values);
    if (sending?.said !== said) sending = { said, key: crypto.randomUUID() };
    const { key } = sending;
    const payer = payerOf(banks, values.from);
    const busy = standingTexts().toBank;
    if (!payer) return;
    void once(submit, { text: words.submit, busy, problem, work: () => enter(payer, values, key) });
  });
  return form;
}

/** Shows every fault; the first one gets the focus. */
function isRight(fields: Fields): boolean {
  const found = faults(filled(fields));
  for (const name of FIELDS) fields[name].fault(found.get(name));
  const first = FIELDS.find((name) => found.has(name));
  if (!first) return true;
  announce(standingTexts().form.wrong);
  fields[first].control.focus();
  return false;
}

/** Sends the order and leaves for its signature. */
async function enter(payer: BankConnection, values: Filled, key: string): Promise<void> {
  const body = request(values, OURS + key.replaceAll('-', ''));
  const { standingOrders } = cobs(payer);
  const made = await standingOrders.create(body, { idempotencyKey: key });
  const order = made.standingOrderIdentification.transactionIdentification ?? '';
  const { state, signId } = made.signInfo ?? {};
  if (state === 'OPEN' && signId) {
    return leaveToSign(payer, { connection: payer.id, order, sign: signId, act: 'create' });
  }
  go(standingPath);
}

const filled = (fields: Fields): Filled =>
  Object.fromEntries(FIELDS.map((name) => [name, fields[name].value])) as Filled;

function payerOf(banks: readonly Bank[], from: string): BankConnection | undefined {
  const own = banks.find(({ accounts }) =>
    accounts.some(({ identification }) => identification.iban === from),
  );
  return (own ?? banks[0])?.payer;
}

function make(banks: readonly Bank[], left: (name: FieldName) => void): Fields {
  const { form: words, intervals } = standingTexts();
  const { optional } = words;
  const input = (name: FieldName, props = {}): HTMLInputElement => h('input', { name, ...props });
  const day = (name: FieldName): HTMLInputElement => input(name, { type: 'date', min: today() });
  const digits = { inputmode: 'numeric', maxlength: 10 };
  const choices = INTERVALS.map((value) => [value, intervals[value] ?? value] as const);
  const made = (control: Field['control'], label: string, more = {}): [FieldName, Field] => {
    const name = control.name as FieldName;
    return [name, field(control, { label, ...more }, () => left(name))];
  };
  const first = day('first');
  first.value = firstOfNextMonth();
  return Object.fromEntries([
    made(input('alias', { maxlength: 60 }), words.alias, { hint: words.aliasHint, optional }),
    made(payingAccount(banks), words.from),
    made(input('to', { maxlength: 40, spellcheck: 'false' }), words.to, { hint: words.toHint }),
    made(input('amount', { inputmode: 'decimal', maxlength: 20 }), words.amount),
    made(select('interval', choices), words.interval),
    made(first, words.first, { hint: words.firstHint }),
    made(day('last'), words.last, { hint: words.lastHint, optional }),
    made(input('vs', digits), words.vs, { optional }),
    made(input('message', { maxlength: 140 }), words.message, { optional }),
  ]) as unknown as Fields;
}

/** A choice of the accounts that can be read, else a field for the number. */
function payingAccount(banks: readonly Bank[]): Field['control'] {
  const options = banks.flatMap(({ accounts }) =>
    accounts.flatMap((account) => {
      const { iban } = account.identification;
      const foreign = account.currency && account.currency !== 'CZK';
      return iban && !foreign
        ? [[iban, `${accountName(account)}, ${accountNumber(account)}`] as const]
        : [];
    }),
  );
  if (options.length === 0) return h('input', { name: 'from', maxlength: 40, spellcheck: 'false' });
  return select('from', options);
}

function select(name: string, options: readonly (readonly [string, string])[]): HTMLSelectElement {
  return h('select', { name }, ...options.map(([value, text]) => h('option', { value }, text)));
}

function firstOfNextMonth(): string {
  const [year = 0, month = 0] = today().split('-').map(Number);
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}
