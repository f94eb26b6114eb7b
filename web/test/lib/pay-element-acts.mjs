// Payments by <bank-pay> that every engine must manage: by the bank's page, by a code, in a popup, and one that
// was left. Drivers as in `acts.mjs`, and `seenInside`, `fillInside` and `anotherTab`.

import assert from 'node:assert/strict';
import { holds } from './acts.mjs';
import { ibanOf, PAYEE, sent } from './pay.mjs';
import { BY_CODE, BY_PAGE } from './pay-element.mjs';
import { atBank, logIn } from './walk.mjs';

const ROOT = "document.querySelector('bank-pay').shadowRoot";
const TAKEN = /^(The payment is made|Your bank has taken the payment)$/;
const text = (selector) => `${ROOT}.querySelector('${selector}')?.textContent ?? null`;

/** The form, the review, the bank's page, and the receipt on the page that the bank comes back to. */
export async function payByPage(driver, world) {
  const from = await connected(driver, world, BY_PAGE);
  const before = await sent(world);
  await review(driver, { from, to: PAYEE, amount: '1 500,50', message: 'Oběd' });
  const facts = await driver.evaluate(`${ROOT}.querySelector('[part=facts]').textContent`);
  for (const words of ['CZK\u00a01,500.50', 'CZ75 0800 0000 0021 0858 9434', 'Obed'])
    assert.ok(facts.includes(words), `${words} in ${facts}`);
  await driver.pressInside('bank-pay', '[part=pay]');
  await logIn(driver, world.user);
  await receipt(driver);
  assert.equal(await driver.evaluate('location.pathname + location.search'), '/callback');
  assert.equal(await driver.evaluate("sessionStorage.getItem('bankconnect-payment')"), null);
  assert.deepEqual(await told(driver), ['paying', 'paid']);
  assert.equal((await sent(world)) - before, 1);
}

/** A code that is wrong, then the right one, by keyboard; the page is never left. */
export async function payByCode(driver, world) {
  const from = await connected(driver, world, BY_CODE);
  await review(driver, { from, to: PAYEE, amount: '20' });
  await driver.evaluate('void (window.stays = true)');
  await driver.pressInside('bank-pay', '[part=pay]');
  await driver.seenInside('bank-pay', '#code');
  await focused(driver, 'code');
  await driver.type('00000000');
  await driver.key('Enter');
  await driver.seenInside('bank-pay', '#code[aria-invalid=true]');
  assert.match(await driver.evaluate(text('[part=field-error]')), /^This code is wrong\./);
  await focused(driver, 'code');
  await driver.type(await world.sms());
  await driver.key('Enter');
  await receipt(driver);
  assert.equal(await driver.evaluate('window.stays'), true);
  assert.deepEqual(await told(driver), ['paying', 'paid']);
}

/** The tab is closed at the bank; another one finds the payment and signs it. Answers its driver. */
export async function payLater(driver, world) {
  const from = await connected(driver, world, BY_PAGE);
  const before = await sent(world);
  await review(driver, { from, to: PAYEE, amount: '30' });
  await driver.pressInside('bank-pay', '[part=pay]');
  await driver.seen('#username');
  const other = await driver.anotherTab();
  await openElement(other, world, 'lang=en');
  await other.seenInside('bank-pay', '[part=payment]');
  assert.equal(await other.evaluate("sessionStorage.getItem('bankconnect-payment')"), null);
  assert.match(await other.evaluate(text('[part=payment]')), /CZK\s30\.00/);
  await other.pressInside('bank-pay', '[part=sign]');
  await logIn(other, world.user);
  await receipt(other);
  assert.equal((await sent(world)) - before, 1, 'it was not sent again');
  await openElement(other, world, 'lang=en');
  await other.seenInside('bank-pay', '#to:enabled');
  assert.equal(await other.evaluate(text('[part=payment]')), null, 'nothing is left');
  return other;
}

/** In a popup, which closes; the page stays where it is. */
export async function payElementInPopup(driver, world) {
  const from = await connected(driver, world, BY_PAGE, 'lang=en&pay-mode=popup');
  await review(driver, { from, to: PAYEE, amount: '40' });
  await driver.evaluate('void (window.stays = true)');
  const bank = await driver.popup(() => driver.pressInside('bank-pay', '[part=pay]'));
  await logIn(bank, world.user);
  await driver.back();
  await receipt(driver);
  assert.equal(await driver.evaluate('window.stays'), true);
  assert.deepEqual(await told(driver), ['paying', 'paid']);
}

/** Connects the page for payments at a bank that signs by these ways. Answers the account that pays. */
async function connected(driver, world, scenarios, fragment = 'lang=en') {
  await world.turn({ sign_scenarios: scenarios });
  await openElement(driver, world, fragment);
  await driver.click('#connect');
  const account = await atBank(driver, world.user);
  await driver.seenInside('bank-pay', '.stage[aria-busy=false] #from:enabled');
  await driver.evaluate("sessionStorage.removeItem('told')");
  return ibanOf(account);
}

async function openElement(driver, world, fragment) {
  await driver.goto('about:blank'); // or a new fragment would load nothing
  await driver.goto(`${world.app}/pay-element.html#${fragment}`);
  await driver.seenInside('bank-pay', '.stage[aria-busy=false]');
  await holds(driver, "document.querySelector('#ready').textContent === 'ready'");
}

/** Types the order and goes on to the review. */
async function review(driver, fields) {
  for (const [name, value] of Object.entries(fields))
    await driver.fillInside('bank-pay', `#${name}`, value);
  await driver.pressInside('bank-pay', '[part=check]');
  await driver.seenInside('bank-pay', '[part=pay]');
  assert.equal(await driver.evaluate(text('[part=title]')), 'Is this right?');
}

/** The payment has come to its end, and it is a good one. */
async function receipt(driver) {
  await driver.seenInside('bank-pay', '[part=next]');
  assert.match(await driver.evaluate(text('[part=title]')), TAKEN);
}

const focused = (driver, id) => holds(driver, `${ROOT}.activeElement?.id === '${id}'`);

/** What the element has told the page. */
function told(driver) {
  return driver.evaluate('window.app.kept().map(({ name }) => name)');
}
