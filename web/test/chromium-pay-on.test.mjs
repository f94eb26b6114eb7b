// Chromium: a payment that was told to be unfinished, and goes on: after an error, after Back, in another
// tab. There is never a second one.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { servePages } from './lib/pages.mjs';
import {
  answer,
  asked,
  connectToPay,
  ended,
  openPay,
  PAYEE,
  press,
  sent,
  sign,
} from './lib/pay.mjs';
import { watched } from './lib/watch.mjs';

let pages;
let world;
let browser;
before(async () => {
  pages = await servePages('pay.html');
  world = await startDemo('--page', pages.folder);
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await world?.stop();
  pages?.remove();
});

async function paying(work, options = {}) {
  const { context } = await watched(browser, world, options);
  const page = await context.newPage();
  const from = await connectToPay(page, world);
  const order = { from, to: { iban: PAYEE }, amount: '150.50', currency: 'CZK' };
  const before = await sent(world);
  const payments = async () => (await sent(world)) - before;
  await work({ page, order, context, payments });
  await context.close();
}

const paid = (result) =>
  assert.match(String(result.status), /^(accepted|settled)$/, JSON.stringify(result));

test('an error on the way: the same order again goes on with the same payment, once', () =>
  paying(async ({ page, order, payments }) => {
    await page.route('**/my/payments/*/sign/*', (route) => route.abort());
    await press(page, 'pay', { order, code: true });
    const first = await ended(page);
    assert.equal(first.error, 'network');
    await page.unroute('**/my/payments/*/sign/*');
    await press(page, 'pay', { order, code: true });
    await asked(page, 1);
    await answer(page, 1, await world.sms());
    const second = await ended(page, 2);
    paid(second);
    assert.equal(second.key, first.key);
    assert.equal(await payments(), 1);
    await press(page, 'pay', { order, code: true });
    await asked(page, 1);
    await answer(page, 1, '');
    assert.notEqual((await ended(page, 3)).key, first.key);
    assert.equal(await payments(), 2, 'paid once more only after the first had ended');
  }));

test('another tab has seen the end of it: the tab that comes back tells it all the same', () =>
  paying(async ({ page, order, context, payments }) => {
    await press(page, 'pay', { order });
    await page.locator('#username').waitFor();
    const other = await context.newPage();
    await openPay(other, world);
    await other.evaluate(() => window.app.forget());
    await other.close();
    await sign(page, world.user);
    const result = await ended(page);
    paid(result);
    assert.equal(result.payment.transactionIdentification, result.id);
    assert.equal(await payments(), 1);
  }));

test('Back and Forward: who signs after all is told so', () =>
  paying(async ({ page, order, payments }) => {
    const appState = { told: true };
    await press(page, 'pay', { order, options: { appState } });
    await page.locator('#username').waitFor();
    await page.goBack();
    const first = await ended(page);
    assert.deepEqual([first.status, first.appState], ['unsigned', appState]);
    await page.goForward();
    await sign(page, world.user);
    const second = await ended(page, 2);
    paid(second);
    assert.deepEqual(second.appState, appState);
    assert.equal(await payments(), 1);
  }));

test('where nothing can be remembered, nothing is entered', () =>
  paying(async ({ page, order, payments }) => {
    await page.locator('body').click();
    const code = await page.evaluate(async (wanted) => {
      const refuse = () => {
        throw new DOMException('blocked', 'SecurityError');
      };
      const { app } = window;
      const storage = { getItem: refuse, setItem: refuse, removeItem: refuse };
      const client = new app.client.constructor({ storage });
      const connections = await client.connections();
      const payer = connections.find(({ scopes }) => scopes.includes('pisp'));
      return payer.pay(wanted).catch((thrown) => thrown.code);
    }, order);
    assert.equal(code, 'storage_unavailable');
    assert.equal(await payments(), 0);
  }));
