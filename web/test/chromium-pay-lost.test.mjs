// Chromium: a payment whatever gets lost on the way: answers, windows, tabs. There is never a second one.

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

const paid = ({ status }) => assert.match(String(status), /^(accepted|settled)$/);

/** The bank's next answer below `path`, after so many, is lost when the bank has acted. */
const lose = (path, passing = 0) =>
  world.turn({
    api_reply: {
      always: 'normal',
      rules: [{ to: 'drop_after_commit', times: 1, after: passing, path }],
    },
  });

for (const [what, path, passing] of [
  ['how it can be signed', '/sign/', 0],
  ['the beginning of the signing', '/sign/', 1],
  ['the code', '/sign/', 2],
  ['the status', '/status', 0],
]) {
  test(`the bank's answer about ${what} is lost: the payment goes on`, () =>
    paying(async ({ page, order, payments }) => {
      await lose(path, passing);
      await press(page, 'pay', { order, code: true });
      await asked(page, 1);
      await answer(page, 1, await world.sms());
      paid(await ended(page));
      assert.equal(await payments(), 1);
    }));
}

test("the bank's answer to the order is lost: nobody knows, and it is never sent again", () =>
  paying(async ({ page, order, payments }) => {
    await lose('/my/payments');
    await press(page, 'pay', { order });
    const first = await ended(page);
    assert.equal(first.error, 'outcome_unknown');
    const unfinished = await page.evaluate(() => window.app.unfinished());
    assert.deepEqual(unfinished, [{ key: first.key, phase: 'unknown', payment: null }]);
    await press(page, 'resume');
    assert.deepEqual(await ended(page, 2), first);
    assert.equal(await payments(), 1);
    await page.evaluate(() => window.app.forget());
    assert.deepEqual(await page.evaluate(() => window.app.unfinished()), []);
  }));

test("the broker's answer to the order is lost: the payment goes on from what the broker keeps", () =>
  paying(async ({ page, order, payments }) => {
    let lost = 0;
    await page.route('**/api/my/payments', async (route) => {
      await route.fetch(); // it arrives, and its answer does not
      lost += 1;
      await route.abort();
    });
    await press(page, 'pay', { order, code: true });
    await asked(page, 1);
    await answer(page, 1, await world.sms());
    paid(await ended(page));
    assert.deepEqual([lost, await payments()], [1, 1]);
  }));

test('an order that never left is sent again, under the same key', () =>
  paying(async ({ page, order, payments }) => {
    const keys = [];
    await page.route('**/api/my/payments', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      await (keys.length === 1 ? route.abort() : route.continue());
    });
    await press(page, 'pay', { order, code: true });
    await asked(page, 1);
    await answer(page, 1, '');
    const { status, key } = await ended(page);
    assert.equal(status, 'unsigned');
    assert.deepEqual(keys, [key, key]);
    assert.equal(await payments(), 1);
  }));

test('a tab closed at the bank: another one finds the payment and has it signed', () =>
  paying(async ({ page, order, context, payments }) => {
    await press(page, 'pay', { order });
    await page.locator('#username').waitFor();
    await page.close();
    const later = await context.newPage();
    await openPay(later, world);
    const [{ phase, payment }] = await later.evaluate(() => window.app.unfinished());
    assert.equal(phase, 'unsigned');
    assert.equal(payment.amount.instructedAmount.value, '150.50');
    await press(later, 'resume');
    await sign(later, world.user);
    const result = await ended(later);
    paid(result);
    assert.equal(result.id, payment.transactionIdentification);
    assert.equal(await payments(), 1);
  }));

test('a payment that was signed in a tab that has gone is found out without signing again', () =>
  paying(async ({ page, order, context, payments }) => {
    await press(page, 'pay', { order });
    await page.locator('#username').waitFor();
    await page.route('**/pay.js', (route) => route.abort()); // of the page that it comes back to
    await sign(page, world.user);
    await page.waitForURL('**/callback**');
    await page.close();
    const later = await context.newPage();
    await openPay(later, world);
    await press(later, 'resume');
    paid(await ended(later));
    assert.equal(await payments(), 1);
  }));

test('a popup closed at the bank leaves the payment unsigned, and it can be signed later', () =>
  paying(async ({ page, order, context, payments }) => {
    const opened = context.waitForEvent('page');
    await press(page, 'pay', { order, options: { mode: 'popup' } });
    const popup = await opened;
    await popup.locator('#username').waitFor();
    await page.evaluate(() => new Promise((seen) => setTimeout(seen, 1500))); // a person looks around
    await popup.close();
    await page.bringToFront();
    const first = await ended(page);
    assert.equal(first.status, 'unsigned');
    await press(page, 'resume');
    await sign(page, world.user);
    const second = await ended(page, 2);
    paid(second);
    assert.equal(second.id, first.id);
    assert.equal(await payments(), 1);
  }));

test('the page that opened a popup is gone: the popup tells the result itself', () =>
  paying(async ({ page, order, context }) => {
    const opened = context.waitForEvent('page');
    await press(page, 'pay', { order, options: { mode: 'popup' } });
    const popup = await opened;
    await popup.locator('#username').waitFor();
    await page.close();
    await sign(popup, world.user);
    paid(await ended(popup));
  }));

test('Back from the bank ends it; the payment is still there', () =>
  paying(async ({ page, order }) => {
    await press(page, 'pay', { order });
    await page.locator('#username').waitFor();
    await page.goBack();
    const { key, status } = await ended(page);
    assert.equal(status, 'unsigned');
    const unfinished = await page.evaluate(() => window.app.unfinished());
    assert.deepEqual(
      unfinished.map((one) => one.key),
      [key],
    );
    await page.goto(`${world.app}/pay.html`); // told once, on the page that the person came back to
    await page.locator('#ready', { hasText: 'connected' }).waitFor();
    assert.equal((await page.evaluate(() => window.app.kept('ended'))).length, 1);
  }));

test('an aborted call ends with its key, and its popup is closed', () =>
  paying(async ({ page, order, context }) => {
    const opened = context.waitForEvent('page');
    await press(page, 'pay', { order, options: { mode: 'popup' } });
    const popup = await opened;
    const closed = popup.waitForEvent('close');
    await popup.locator('#username').waitFor();
    await page.evaluate(() => window.app.stop.abort());
    const { error, key } = await ended(page);
    assert.equal(error, 'closed');
    await closed;
    const unfinished = await page.evaluate(() => window.app.unfinished());
    assert.deepEqual(
      unfinished.map((one) => one.key),
      [key],
    );
  }));

test('what is not of a payment is left alone, and nothing of it stops a payment', () =>
  paying(async ({ page, order }) => {
    for (const query of ['?code=1&state=2', `?error=access_denied&state=bc1.${'A'.repeat(43)}`]) {
      const foreign = await page.context().newPage();
      await foreign.goto(`${world.app}/pay.html${query}`);
      await foreign.locator('#ready', { hasText: /ready|connected/ }).waitFor();
      assert.deepEqual(await foreign.evaluate(() => window.app.kept('ended')), []);
      await foreign.close();
    }
    await press(page, 'pay', { order });
    await page.locator('#username').waitFor();
    await page.goto(`${world.app}/pay.html?code=1&state=2&cart=7`); // of another library of the app
    assert.equal((await ended(page)).status, 'unsigned');
    assert.equal(new URL(page.url()).search, '?code=1&state=2&cart=7');
  }));

for (const url of [
  'https://bank.example/sign',
  'javascript:alert(1)',
  'http://user:word@localhost/',
  '',
]) {
  test(`B06 a signing page at ${url || 'no address'} is not opened`, () =>
    paying(async ({ page, order }) => {
      await page.route('**/sign/*', async (route) => {
        if (route.request().method() !== 'POST') return route.continue();
        const answered = await route.fetch();
        return route.fulfill({ json: { ...(await answered.json()), href: { url } } });
      });
      await press(page, 'pay', { order });
      assert.equal((await ended(page)).error, 'untrusted_url');
      assert.equal(new URL(page.url()).origin, world.app);
    }));
}
