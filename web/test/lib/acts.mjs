// The acts that every engine must manage beside the walk: choosing a bank by keyboard, paying by
// redirect and in a popup. Drivers as in `walk.mjs`, and `type` and `key` go to what has the focus.

import assert from 'node:assert/strict';
import { ibanOf, PAYEE } from './pay.mjs';
import { atBank, logIn } from './walk.mjs';

const inElement = (selector) =>
  `document.querySelector('bank-connect').shadowRoot.querySelectorAll('${selector}')`;

/** Waits until an expression is true in the page. */
export async function holds(driver, expression) {
  const end = Date.now() + 30_000;
  while (!(await driver.evaluate(expression))) {
    if (Date.now() > end) throw new Error(`never true: ${expression}`);
  }
}

/** Types a name without accents, goes down and back up the list, and connects the bank by Enter. */
export async function chooseBank(driver, world) {
  await driver.goto(`${world.app}/banks.html`);
  await holds(driver, `${inElement('[part=button]:enabled')}.length === 1`);
  await driver.evaluate(`${inElement('[part=button]')}[0].focus()`);
  await driver.key('Enter');
  await holds(driver, `${inElement('[role=option]')}.length >= 40`);
  await driver.type('banka');
  const active = `${inElement('[part=search]')}[0].getAttribute('aria-activedescendant')`;
  const chosen = `${inElement('[role=option][aria-selected=true]')}[0]?.id`;
  await holds(driver, `${active} !== null && ${active} === ${chosen}`);
  const first = await driver.evaluate(active);
  await driver.key('ArrowDown');
  assert.notEqual(await driver.evaluate(active), first);
  assert.equal(await driver.evaluate(active), await driver.evaluate(chosen));
  await driver.key('Escape');
  await driver.type('zizkov');
  await holds(driver, `${inElement('[role=option]')}.length === 1`);
  assert.equal(
    await driver.evaluate(`${inElement('[role=option] bdi')}[0].textContent`),
    'Žižkovská banka',
  );
  await driver.key('Enter');
  await driver.seen('#username');
}

/** Connects pay.html for payments; answers an order from the customer's first account. */
export async function connectToPay(driver, world) {
  await driver.goto(`${world.app}/pay.html`);
  await driver.seen('#ready[data-state]');
  await driver.click('#connect');
  const account = await atBank(driver, world.user);
  await driver.seen('#ready[data-state=connected]');
  return { from: ibanOf(account), to: { iban: PAYEE }, amount: '150.50', currency: 'CZK' };
}

/** Presses Pay for an order. */
export async function pressPay(driver, order, options = {}) {
  await driver.evaluate(`void Object.assign(window.app, ${JSON.stringify({ order, options })})`);
  await driver.click('#pay');
}

/** How the page's last payment has ended, once there are so many. */
export async function lastEnded(driver, count) {
  await driver.seen(`#ended[data-count="${count}"]`);
  return driver.evaluate("window.app.kept('ended').at(-1)");
}

/** Pays by redirect; the page that the bank comes back to has the result. */
export async function payByRedirect(driver, world, order, options, count = 1) {
  await pressPay(driver, order, options);
  await logIn(driver, world.user);
  isPaid(await lastEnded(driver, count));
  assert.equal(await driver.evaluate('location.pathname + location.search'), '/callback');
  assert.equal(await driver.evaluate("sessionStorage.getItem('bankconnect-payment')"), null);
}

/** Pays in a popup, which closes itself; the page stays where it is. */
export async function payInPopup(driver, world, order, count = 1) {
  const bank = await driver.popup(() => pressPay(driver, order, { mode: 'popup' }));
  await logIn(bank, world.user);
  await driver.back();
  isPaid(await lastEnded(driver, count));
  assert.equal(await driver.evaluate('location.origin'), world.app);
}

function isPaid(result) {
  assert.match(String(result.status), /^(accepted|settled)$/, JSON.stringify(result));
  assert.equal(result.signInfo.state, 'DONE');
}

/** Presses the button where the browser keeps nothing for a tab; the page says so, and stays. */
export async function connectWithoutStorage(driver, world, block = '') {
  await driver.goto(world.app);
  await driver.seen('.connect-card bank-connect');
  if (block) await driver.evaluate(block);
  await driver.pressInside('.connect-card bank-connect', '[part=button]');
  await driver.seen('[role=alert][data-code=storage_unavailable]');
  const words = await driver.text('[role=alert][data-code=storage_unavailable]');
  assert.match(words, /The browser blocks its memory/);
  assert.match(words, /Allow this site to keep data/);
  const element = "document.querySelector('.connect-card bank-connect').shadowRoot";
  await holds(driver, `${element}.textContent.includes('Your browser blocks storage')`);
  assert.equal(await driver.evaluate('location.origin'), world.app);
  const asked = await world.requests();
  assert.deepEqual(
    asked.filter(({ path }) => path.includes('/oauth/authorize')),
    [],
    'nobody was sent to the bank',
  );
}
