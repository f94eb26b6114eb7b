// A person who pays: connects pay.html for payments, pays, signs at the bank.

import assert from 'node:assert/strict';
import { agree, chooseAccounts, consent, logIn } from './person.mjs';
import { watched } from './watch.mjs';

/** An account at another bank. */
export const PAYEE = 'CZ7508000000002108589434';

/** A connected page in a window of its own, an order from its account, what the browser has seen. */
export async function payer(browser, world, options = {}) {
  const { context, seen } = await watched(browser, world, options);
  const page = await context.newPage();
  const from = await connectToPay(page, world);
  const order = { from, to: { iban: PAYEE }, amount: '150.50', currency: 'CZK' };
  const before = await sent(world);
  return { context, seen, page, order, payments: async () => (await sent(world)) - before };
}

/** Connects the page for payments; answers the IBAN of the customer's first account. */
export async function connectToPay(page, world) {
  await openPay(page, world);
  await page.locator('#connect').click();
  await logIn(page, world.user);
  const account = await page.locator('.number').first().textContent();
  await chooseAccounts(page);
  await agree(page);
  await page.locator('#ready', { hasText: 'connected' }).waitFor();
  return ibanOf(account.trim());
}

export async function openPay(page, world) {
  await page.goto(`${world.app}/pay.html`);
  await page.locator('#ready', { hasText: /ready|connected/ }).waitFor();
}

/** Presses a button of the page, with this order and these options. `code`: codes are asked for. */
export async function press(page, button, { order, options = {}, code = false } = {}) {
  await page.evaluate(
    ([newOrder, newOptions, asks]) => {
      const { app } = window;
      app.order = newOrder;
      app.options = newOptions;
      app.asked = [];
      app.code = asks && (() => new Promise((answer) => Object.assign(app, { answer })));
    },
    [order, options, code],
  );
  await page.locator(`#${button}`).click();
}

/** How the page's payments have ended, once there are so many. */
export async function ended(page, count = 1) {
  await page.locator('#ended', { hasText: String(count) }).waitFor();
  return page.evaluate((at) => window.app.kept('ended')[at], count - 1);
}

/** Waits for question number `count` for a code; fails when the payment ends instead. */
export async function asked(page, count) {
  const before = await page.evaluate(() => window.app.kept('ended').length);
  await page.waitForFunction(
    ([so, had]) => window.app.asked.length === so || window.app.kept('ended').length > had,
    [count, before],
  );
  const [so, last] = await page.evaluate(() => [
    window.app.asked.length,
    window.app.kept('ended').at(-1),
  ]);
  if (so !== count) throw new Error(`no question ${count}: ${JSON.stringify(last)}`);
}

/** The person answers question number `count` for a code. Answers the question. */
export async function answer(page, count, code) {
  await asked(page, count);
  return page.evaluate(
    ([typed, at]) => {
      window.app.answer(typed);
      return window.app.asked[at];
    },
    [code, count - 1],
  );
}

/** Logs in at the bank and confirms the payment with the code on the phone. */
export async function sign(page, { username, password }) {
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(password);
  await page.locator('#continue').click();
  const code = await page.locator('#phone-code').textContent();
  await page.locator('#sms_code').fill(code.trim());
  await page.locator('#continue').click();
}

/** That a payment was signed and is carried out. */
export function assertPaid(result) {
  assert.match(String(result.status), /^(accepted|settled)$/, JSON.stringify(result));
  assert.equal(result.signInfo.state, 'DONE');
}

/** Gives the demo's page the permission to pay, from a view that asks for it. */
export async function permit(page, world, view) {
  await page.goto(`${world.app}/#/${view}`);
  await page.locator('.pay-permission bank-connect [part=button]').click();
  await consent(page, world.user);
}

/** How many payments have been sent to the bank. */
export async function sent(world) {
  const all = await world.requests();
  return all.filter(({ method, path }) => method === 'POST' && path.endsWith('/my/payments'))
    .length;
}

/** The IBAN of `prefix-base/bank`, by ISO 13616. */
export function ibanOf(account) {
  const [, prefix = '', base, bank] = /^(?:(\d+)-)?(\d+)\/(\d{4})$/.exec(account);
  const digits = bank + prefix.padStart(6, '0') + base.padStart(10, '0');
  const check = 98n - (BigInt(`${digits}123500`) % 97n); // C is 12, Z is 35
  return `CZ${String(check).padStart(2, '0')}${digits}`;
}
