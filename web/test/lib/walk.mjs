// The walk that every engine must manage: connect by redirect, list, payments, chart, disconnect.
// A driver offers goto, click, fill, text, count, evaluate and seen (waits until a selector is there).

import assert from 'node:assert/strict';
import { scanPlaces } from './canary.mjs';

/** Scrolls at once: the page would glide, and a click meet what is not there any more. */
const scrolledTo = (top) => `scrollTo({ top: ${top}, behavior: 'instant' })`;

/** The whole walk; `world` is a running demo. */
export async function walk(driver, world) {
  await driver.goto(world.app);
  await driver.seen('.connect-card bank-connect');
  await driver.pressInside('.connect-card bank-connect', '[part=button]');
  await atBank(driver, world.user);
  await driver.seen('a.account');
  assert.equal(await driver.count('a.account'), 3);
  assert.equal(await driver.evaluate('location.search'), '', 'B07 the address is clean');
  await driver.seen('a.account .amount');
  await driver.click('a.account');
  await driver.seen('.payment');
  await driver.seen('figure.chart');
  await driver.seen('.payments[data-complete]');
  const found = Number(await driver.attribute('.payments', 'data-found'));
  assert.ok(found > 250, `${found} payments of a year`);
  assert.ok((await driver.count('.payment')) < 60, 'only those that can be seen are rows');
  await driver.evaluate(scrolledTo('document.body.scrollHeight'));
  await driver.seen(`.payment[aria-rowindex="${found + 1}"]`);
  await driver.evaluate(scrolledTo('0'));
  assert.notEqual(await driver.attribute('figure.chart', 'data-last'), '');
  await noLeak(driver, world);
  await driver.click('.backlink a');
  await driver.seen('[data-act=disconnect]');
  await driver.click('[data-act=disconnect]');
  await driver.seen('dialog[open]');
  await driver.click('dialog[open] [data-act=yes]');
  await driver.seen('[data-at-bank]');
  assert.equal(await driver.attribute('[data-at-bank]', 'data-at-bank'), 'revoked');
  assert.deepEqual(await world.tokens(), [], 'the bank has no live token left');
  assert.deepEqual(await world.violations(), [], 'the bank saw no breach of protocol');
}

/** Connects in a window of its own, which closes itself. */
export async function walkInPopup(driver, world) {
  await driver.goto(world.app);
  await driver.seen('.connect-card bank-connect');
  await driver.click('.connect-card input[value=popup]');
  const bank = await driver.popup(() =>
    driver.pressInside('.connect-card bank-connect', '[part=button]'),
  );
  await atBank(bank, world.user);
  await driver.back();
  await driver.seen('a.account');
  assert.equal(await driver.count('a.account'), 3);
  assert.equal(await driver.count('.toast'), 1);
}

/** Says no at the bank; the page explains it calmly. */
export async function cancelled(driver, world) {
  await driver.goto(world.app);
  await driver.seen('.connect-card bank-connect');
  await driver.pressInside('.connect-card bank-connect', '[part=button]');
  await driver.seen('#cancel');
  await driver.click('#cancel');
  await driver.seen('[role=alert][data-code=cancelled]');
  assert.equal(await driver.evaluate('location.search'), '');
}

/** The bank's pages from login to consent; answers the number of the first account. */
export async function atBank(driver, user) {
  await logIn(driver, user);
  await driver.seen('#account-0');
  const account = (await driver.text('.number')).trim();
  for (const box of await driver.unchecked('input[name=account]')) await driver.click(box);
  await driver.click('#continue');
  await driver.seen('#consent');
  await driver.click('#consent');
  await driver.click('#continue');
  return account;
}

/** Logs in at the bank with both factors; a payment is signed by it. */
export async function logIn(driver, { username, password }) {
  await driver.seen('#username');
  await driver.fill('#username', username);
  await driver.fill('#password', password);
  await driver.click('#continue');
  await driver.seen('#phone-code');
  await driver.fill('#sms_code', (await driver.text('#phone-code')).trim());
  await driver.click('#continue');
}

async function noLeak(driver, world) {
  const tokens = await world.tokens();
  assert.ok(tokens.length >= 2, 'there are live tokens to look for');
  const texts = await driver.evaluate(scanPlaces);
  for (const [place, sign] of [
    ['the list of requests', '/bank/connections/'],
    ['the document', 'data-last-day'],
    ['localStorage', 'bankconnect-demo.connections'],
  ])
    assert.ok(texts.includes(sign), `${place} was read`);
  assert.deepEqual(
    tokens.filter((token) => texts.includes(token)),
    [],
    'B01',
  );
}
