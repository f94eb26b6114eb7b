// What is checked of an order before anybody is asked, on the built package and without a browser.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { PKG } from './lib/pages.mjs';

const imported = (file) => import(pathToFileURL(join(PKG, file)));
const { checkOrder, toSwift } = await imported('order.js');
const { orderText } = await imported('order-texts.js');

const NOW = new Date('2026-03-04T12:00:00Z');
const FROM = 'CZ6907101781240000004159';
const GOOD = 'CZ7508000000002108589434';
const DOMESTIC = { from: FROM, to: { iban: GOOD }, amount: '150.50', currency: 'CZK' };
const SEPA = {
  from: FROM,
  to: { iban: 'DE89370400440532013000', name: 'Erika Mustermann' },
  amount: '10',
  currency: 'EUR',
};
const EEA = {
  from: FROM,
  to: { iban: 'NO9386011117947', name: 'Ola Nordmann', bic: 'DNBANOKK' },
  amount: '10.5',
  currency: 'NOK',
};
const ABROAD = {
  from: FROM,
  to: {
    account: '123456789',
    name: 'Jane Doe',
    bic: 'CHASUS33',
    address: { town: 'New York', country: 'US' },
  },
  amount: '999999999999999.99',
  currency: 'USD',
};

/** `field rule` of everything that is wrong. */
const wrong = (order, now = NOW) =>
  checkOrder(order, now).problems.map(({ field, rule }) => `${field} ${rule}`);

/** A domestic order with something else in it. */
const but = (change) => wrong({ ...DOMESTIC, ...change });

test('the four kinds are told apart by what the standard says', () => {
  const kinds = [DOMESTIC, SEPA, EEA, ABROAD].map((order) => checkOrder(order, NOW));
  assert.deepEqual(
    kinds.map(({ kind }) => kind),
    ['domestic', 'sepa', 'eea', 'non_eea'],
  );
  for (const { problems } of kinds) assert.deepEqual(problems, []);
  const kind = (order) => checkOrder({ ...DOMESTIC, ...order }, NOW).kind;
  assert.equal(kind({ currency: 'EUR' }), 'sepa', 'euro to another Czech bank');
  assert.equal(kind({ currency: 'EUR', to: { iban: 'CZ5207100000000000000019' } }), 'domestic');
  assert.equal(kind({ currency: 'USD' }), 'eea', 'dollars to another Czech bank');
  assert.equal(kind({ currency: 'CZK', to: { iban: SEPA.to.iban } }), 'eea', 'crowns to Germany');
  assert.equal(kind({ currency: 'EUR', to: { iban: 'CH9300762011623852957' } }), 'sepa');
});

test('Czech IBANs: the examples of the standard that are right, and those that are not', () => {
  for (const iban of [
    'CZ0708000000001019382023',
    'CZ7508000000002108589434',
    'CZ6330300000000000000123',
    'CZ8601000000000161486937',
    'CZ3908000000000204533335',
    'CZ1308001800640033122856',
    'CZ0827000000002108589434',
    'CZ7408000000001135924571',
    'CZ8858000000001234567899',
    'cz08 2700 0000 0021 0858 9434',
  ]) {
    assert.deepEqual(but({ to: { iban } }), [], iban);
  }
  for (const [iban, rule] of [
    ['CZ0708000000001019540081', 'iban_checksum'],
    ['CZ690710178124000000415', 'iban_length'],
    ['CZ69071017812400000041590', 'iban_length'],
    ['CZ69071017812400000O4159', 'iban_form'],
    ['AT872011102000123456', 'iban_checksum'],
    ['2108589434', 'iban_form'],
    // the check digits are right, the account is none: mod 11 of the base, then of the prefix
    ['CZ4808000000002108589435', 'account_checksum'],
    ['CZ1008000000122108589434', 'account_checksum'],
  ]) {
    assert.deepEqual(wrong({ ...SEPA, to: { iban, name: 'A' } }), [`to.iban ${rule}`], iban);
  }
});

test('the paying account is Czech, and not the one that is paid', () => {
  assert.deepEqual(but({ from: SEPA.to.iban }), ['from iban_country']);
  assert.deepEqual(but({ to: { iban: FROM.toLowerCase() } }), ['to.iban same_account']);
  assert.deepEqual(but({ from: '', to: {} }), ['from required', 'to.iban required']);
});

test('a Czech account as people write it becomes its IBAN', () => {
  for (const account of ['2108589434/0800', '19-2000145399/0800', '000019-2000145399/0800']) {
    assert.deepEqual(but({ to: { account } }), [], account);
  }
  assert.deepEqual(but({ to: { account: '178124-4159/0710' } }), ['to.account same_account']);
  assert.deepEqual(but({ to: { account: '2108589435/0800' } }), ['to.account account_checksum']);
  for (const account of ['2108589434', '12345678901/0800', '2108589434/800', 'a-1/0800']) {
    assert.deepEqual(but({ to: { account } }), ['to.account account_form'], account);
  }
});

test('amounts are decimals as text, with at most two places, in the range of the kind', () => {
  for (const amount of ['0.01', '1', '1.5', '1000000000000.00']) {
    assert.deepEqual(but({ amount }), [], amount);
  }
  for (const [amount, rule] of [
    ['', 'required'],
    ['0', 'amount_range'],
    ['0.00', 'amount_range'],
    ['1000000000000.01', 'amount_range'],
    ['1.005', 'amount_decimals'],
    ['1,50', 'amount_form'],
    ['-1', 'amount_form'],
    ['+1', 'amount_form'],
    ['01', 'amount_form'],
    ['1e3', 'amount_form'],
    ['.5', 'amount_form'],
    ['1.', 'amount_form'],
    [' 1', 'amount_form'],
    [150.5, 'text_form'],
  ]) {
    assert.deepEqual(but({ amount }), [`amount ${rule}`], String(amount));
  }
  assert.deepEqual(wrong({ ...SEPA, amount: '1000000000' }), ['amount amount_range']);
  assert.deepEqual(wrong({ ...EEA, amount: '1000000000000000' }), ['amount amount_range']);
});

test('a day exists and is not past, by the clock in Prague', () => {
  for (const date of ['2026-03-04', '2028-02-29']) assert.deepEqual(but({ date }), [], date);
  for (const date of ['2026-02-29', '2026-13-01', '2026-3-4', '04.03.2026', 'tomorrow']) {
    assert.deepEqual(but({ date }), ['date date_form'], date);
  }
  assert.deepEqual(but({ date: '2026-03-03' }), ['date date_past']);
  const lateEvening = new Date('2026-03-04T23:30:00Z'); // in Prague it is the day after
  assert.deepEqual(wrong({ ...DOMESTIC, date: '2026-03-04' }, lateEvening), ['date date_past']);
});

test('symbols, words and codes have their form', () => {
  const symbols = { variableSymbol: '7418529630', specificSymbol: '1', constantSymbol: '0308' };
  assert.deepEqual(but({ ...symbols, priority: 'INST', fromCurrency: 'CZK' }), []);
  for (const variableSymbol of ['12345678901', '12a', '-1', '１']) {
    assert.deepEqual(but({ variableSymbol }), ['variableSymbol symbol_form'], variableSymbol);
  }
  assert.deepEqual(but({ priority: 'FAST' }), ['priority unknown_word']);
  assert.deepEqual(but({ currency: 'Kč' }), ['currency currency_form']);
  for (const bic of ['CNBACZP', 'CNBACZPPX', 'CNB1CZPP', 'CNBACZ1P', 'CNBACZPO']) {
    assert.deepEqual(wrong({ ...SEPA, to: { ...SEPA.to, bic } }), ['to.bic bic_form'], bic);
  }
  for (const bic of ['CNBACZPP', 'GIBACZPXXXX', 'COBADEFF300']) {
    assert.deepEqual(wrong({ ...SEPA, to: { ...SEPA.to, bic } }), [], bic);
  }
});

test('what the order asks for and its kind does not take is refused, never left out', () => {
  assert.deepEqual(but({ charges: 'SHAR', endToEnd: 'A1', ultimateDebtor: 'B' }), [
    'endToEnd not_for_kind',
    'charges not_for_kind',
    'ultimateDebtor not_for_kind',
  ]);
  assert.deepEqual(wrong({ ...SEPA, charges: 'SHAR' }), ['charges not_for_kind']);
  assert.deepEqual(wrong({ ...EEA, charges: 'SHAR' }), []);
  assert.deepEqual(wrong({ ...EEA, charges: 'OUR' }), ['charges unknown_word']);
  assert.deepEqual(wrong({ ...SEPA, endToEnd: 'A1', ultimateCreditor: 'B' }), []);
});

test('what a kind cannot do without is asked for, all of it at once', () => {
  assert.deepEqual(wrong({ ...SEPA, to: { iban: SEPA.to.iban } }), ['to.name required']);
  assert.deepEqual(wrong({ ...EEA, to: { iban: EEA.to.iban } }), [
    'to.bic required',
    'to.name required',
  ]);
  const abroad = { ...ABROAD, to: { account: '123456789', address: { country: 'US' } } };
  assert.deepEqual(wrong(abroad), ['to.bic required', 'to.name required']);
  const bank = { clearing: { system: 'USABA', member: '021000021' } };
  assert.deepEqual(wrong({ ...ABROAD, to: { ...ABROAD.to, bic: undefined, bank } }), []);
  assert.deepEqual(wrong({ from: 'x', to: { iban: 'y' }, amount: '', currency: '' }), [
    'from iban_form',
    'amount required',
    'currency required',
    'to.iban iban_form',
  ]);
});

test('texts go out in the characters of SWIFT, and what is changed is told', () => {
  assert.equal(toSwift('Příliš žluťoučký kůň pěl'), 'Prilis zlutoucky kun pel');
  assert.equal(toSwift('„Řeka“ – Größe\u00a0Łódź…'), "'Reka' - Grosse Lodz...");
  assert.equal(toSwift('100 €'), '100 €', 'nothing is lost unseen');
  const { problems, changes } = checkOrder({ ...DOMESTIC, message: 'Oběd' }, NOW);
  assert.deepEqual([problems, changes], [[], [{ field: 'message', sent: 'Obed' }]]);
  assert.deepEqual(checkOrder({ ...DOMESTIC, message: 'Lunch' }, NOW).changes, []);
  assert.deepEqual(but({ message: '100 €' }), ['message characters']);
  assert.deepEqual(but({ message: 'x'.repeat(141) }), ['message too_long']);
  assert.deepEqual(but({ reference: 'x'.repeat(36) }), ['reference too_long']);
  const long = { ...SEPA.to, name: 'x'.repeat(71) };
  assert.deepEqual(wrong({ ...SEPA, to: long }), ['to.name too_long']);
  // symbols stand before the message where they cannot stand by themselves
  const symbols = checkOrder({ ...SEPA, variableSymbol: '12', message: 'Dík' }, NOW);
  assert.deepEqual(symbols.changes, [{ field: 'message', sent: '/VS/12 Dik' }]);
});

test('every rule has a sentence for developers and words for people in both languages', () => {
  const seen = [
    { ...DOMESTIC, to: { account: '1' }, amount: '1.234', date: 'x', priority: 'x' },
    { ...EEA, from: 'DE89370400440532013000', to: { ...EEA.to, address: { country: 'Norway' } } },
  ].flatMap((order) => checkOrder(order, NOW).problems);
  assert.ok(seen.length >= 6);
  for (const problem of seen) {
    assert.match(problem.message, new RegExp(`^${problem.field.replaceAll('.', '\\.')} \\w`));
    const [czech, english, other] = ['cs-CZ', 'en', 'de'].map((it) => orderText(problem, it));
    assert.ok(czech && english && czech !== english);
    assert.equal(other, english);
  }
});

test('a field that there is not is named, for it would be left out unseen', () => {
  assert.deepEqual(but({ varSymbol: '1' }), ['varSymbol unknown_field']);
  assert.deepEqual(but({ amount: 150.5 }), ['amount text_form']);
  assert.deepEqual(but({ message: 5 }), ['message text_form']);
  assert.deepEqual(but({ variableSymbol: 123 }), ['variableSymbol text_form']);
  assert.deepEqual(but({ to: { iban: GOOD, name: 5 } }), ['to.name text_form']);
  assert.deepEqual(but({ to: { iban: GOOD, IBAN: GOOD } }), ['to.IBAN unknown_field']);
  assert.deepEqual(but({ toString: 'x' }), ['toString unknown_field']);
  assert.deepEqual(but({ to: '19-2000145399/0800' }), ['to payee_form']);
  assert.deepEqual(but({ message: undefined }), []);
});
