// Chromium: a payment with its signing in one call, by every way to sign.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { servePages } from './lib/pages.mjs';
import { answer, asked, connectToPay, ended, PAYEE, press, sent, sign } from './lib/pay.mjs';
import { complaints, reports, watched } from './lib/watch.mjs';

const BOTH = [['USERAGENT_REDIRECT'], ['SMS']];
/** What an app may want to have back, whatever it calls its things. */
const STATE = { cart: [7], key: 'mine', popup: true, told: true };

let pages;
let world;
let strict;
let browser;
before(async () => {
  pages = await servePages('pay.html');
  [world, strict] = await Promise.all([
    startDemo('--page', pages.folder),
    startDemo('--page', pages.folder, '--coop'),
  ]);
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await Promise.all([world?.stop(), strict?.stop()]);
  pages?.remove();
});

/** A connected page, an order from its account, and what it takes to tell how often it was sent. */
async function paying(work, { at = world, scenarios = BOTH } = {}) {
  await at.turn({ sign_scenarios: scenarios });
  const { context, seen } = await watched(browser, at);
  const page = await context.newPage();
  const from = await connectToPay(page, at);
  const order = { from, to: { iban: PAYEE }, amount: '150.50', currency: 'CZK', message: 'Oběd' };
  const before = await sent(at);
  const payments = async () => (await sent(at)) - before;
  await work({ page, order, seen, context, payments });
  await context.close();
}

/** What a good payment looks like in the end. */
function assertPaid(result) {
  assert.match(result.status, /^(accepted|settled)$/, JSON.stringify(result));
  assert.match(result.instructionStatus, /^(ACSP|ACSC)$/);
  assert.equal(result.signInfo.state, 'DONE');
  assertAgrees(result);
  assert.match(result.key, /^[\w-]{36}$/);
  assert.equal(result.payment.amount.instructedAmount.value, '150.50', 'to the last digit');
  assert.equal(result.payment.remittanceInformation.unstructured, 'Obed');
}

/** That the payment in it says of itself what the result says. */
function assertAgrees({ payment, instructionStatus, signInfo }) {
  assert.equal(payment.instructionStatus, instructionStatus);
  const { state, signId } = payment.signInfo;
  assert.deepEqual({ state, signId }, signInfo);
}

test('by redirect: the page is left, the person signs, the callback page has the result', () =>
  paying(async ({ page, order, seen, payments }) => {
    await press(page, 'pay', { order, options: { appState: STATE } });
    await sign(page, world.user);
    const result = await ended(page);
    assertPaid(result);
    assert.deepEqual(result.appState, STATE);
    assert.equal(await payments(), 1);
    const { pathname, search } = new URL(page.url());
    assert.deepEqual([pathname, search], ['/callback', ''], "the bank's answer is gone");
    assert.deepEqual(await page.evaluate(() => window.app.kept('phases')), [
      'sending',
      'signing',
      'redirecting',
      'confirming',
      'confirming',
    ]);
    assert.equal(await page.evaluate(() => sessionStorage.getItem('bankconnect-payment')), null);
    await page.waitForFunction(async () => (await window.app.unfinished()).length === 0);
    await page.reload();
    await page.locator('#ready', { hasText: 'connected' }).waitFor();
    assert.equal((await page.evaluate(() => window.app.kept('ended'))).length, 1, 'once');
    assert.deepEqual(complaints(seen), []);
    assert.deepEqual(await reports(page), []);
  }));

async function byPopup(at) {
  await paying(
    async ({ page, order, seen, context, payments }) => {
      const opened = context.waitForEvent('page');
      await press(page, 'pay', { order, options: { mode: 'popup', appState: STATE } });
      const popup = await opened;
      const closed = popup.waitForEvent('close');
      await sign(popup, at.user);
      const result = await ended(page);
      assertPaid(result);
      assert.deepEqual(result.appState, STATE);
      await closed;
      assert.equal(await payments(), 1);
      assert.equal(new URL(page.url()).origin, at.app);
      assert.deepEqual(complaints(seen), []);
    },
    { at },
  );
}

test('by popup: it closes itself and the page goes on', () => byPopup(world));

test('by popup under Cross-Origin-Opener-Policy: same-origin', () => byPopup(strict));

test('by code: the person stays, a wrong one is asked for again', () =>
  paying(async ({ page, order, payments }) => {
    await press(page, 'pay', { order, code: true });
    const { payment, ...first } = await answer(page, 1, '00000000');
    assert.deepEqual(first, { attempt: 1, wrong: false });
    assert.equal(payment.amount.instructedAmount.value, '150.50', 'what the code signs');
    await asked(page, 2);
    const code = await world.sms();
    const second = await answer(page, 2, ` ${code} `);
    assert.deepEqual(second, { attempt: 2, wrong: true, payment });
    assertPaid(await ended(page));
    assert.equal(await payments(), 1);
  }));

test('by code: who gives up leaves it unsigned; five wrong codes cancel it', () =>
  paying(async ({ page, order }) => {
    await press(page, 'pay', { order, code: true, options: { appState: 'mine' } });
    await answer(page, 1, '');
    const first = await ended(page);
    assert.deepEqual([first.status, first.signInfo.state], ['unsigned', 'OPEN']);
    assert.equal(first.appState, 'mine');
    await press(page, 'again', { code: true });
    await answer(page, 1, '');
    assert.equal((await ended(page, 2)).appState, 'mine', 'the result knows it');
    await press(page, 'resume', { code: true });
    for (let attempt = 1; attempt <= 5; attempt += 1) await answer(page, attempt, '00000000');
    const last = await ended(page, 3);
    assert.deepEqual([last.status, last.id], ['cancelled', first.id]);
    assert.equal(last.appState, undefined, 'the broker does not');
    assertAgrees(last);
  }));

test('a chain of methods is walked in its order, whatever comes first', async () => {
  await paying(
    async ({ page, order, context, payments }) => {
      const opened = context.waitForEvent('page');
      await press(page, 'pay', { order, options: { mode: 'popup' }, code: true });
      await sign(await opened, world.user);
      await asked(page, 1);
      await answer(page, 1, await world.sms());
      assertPaid(await ended(page));
      assert.equal(await payments(), 1);
    },
    { scenarios: [['USERAGENT_REDIRECT', 'SMS']] },
  );
  await paying(
    async ({ page, order }) => {
      await press(page, 'pay', { order, code: true });
      await answer(page, 1, '00000000');
      await asked(page, 2);
      assert.equal((await answer(page, 2, await world.sms())).wrong, true);
      await sign(page, world.user);
      assertPaid(await ended(page));
    },
    { scenarios: [['SMS', 'USERAGENT_REDIRECT']] },
  );
});

test('a bank that signs by nothing the page can do is told so, and the payment stays', () =>
  paying(
    async ({ page, order }) => {
      await press(page, 'pay', { order });
      const { error, key } = await ended(page);
      assert.equal(error, 'unsupported');
      const unfinished = await page.evaluate(() => window.app.unfinished());
      assert.deepEqual(
        unfinished.map(({ key, phase }) => [key, phase]),
        [[key, 'unsigned']],
      );
      await page.evaluate(() => window.app.forget());
      assert.deepEqual(await page.evaluate(() => window.app.unfinished()), []);
    },
    { scenarios: [['SMS']] },
  ));

test('without a signing at the initiation, step 0 begins it, and the callback page knows it', () =>
  paying(async ({ page, order, payments }) => {
    await world.turn({ sign_at_initiation: false });
    await press(page, 'pay', { order });
    await sign(page, world.user);
    assertPaid(await ended(page));
    assert.equal(await payments(), 1);
    await world.turn({ sign_at_initiation: true });
  }));

test('who says no at the bank has cancelled, by redirect and in a popup', () =>
  paying(async ({ page, order, context }) => {
    await press(page, 'pay', { order });
    await page.locator('#cancel').click();
    assert.equal((await ended(page)).status, 'cancelled');
    assert.equal(new URL(page.url()).search, '');
    const opened = context.waitForEvent('page');
    await press(page, 'pay', { order, options: { mode: 'popup' } });
    const popup = await opened;
    await popup.locator('#cancel').click();
    assert.equal((await ended(page, 2)).status, 'cancelled');
  }));

test('orders of every kind that are right here are right at the bank', () =>
  paying(async ({ page, order: { from }, payments }) => {
    const address = { street: 'Wall Street', building: '1', town: 'New York', country: 'US' };
    const orders = [
      {
        ...{ from, to: { account: '19-2000145399/0800' }, amount: '1000000', currency: 'CZK' },
        ...{ variableSymbol: '7418529630', specificSymbol: '1', constantSymbol: '0308' },
        ...{ priority: 'HIGH', fromCurrency: 'CZK', reference: `own-${Date.now()}` },
      },
      {
        ...{ from, to: { iban: 'DE89370400440532013000', name: 'Řeřicha GmbH' }, amount: '10' },
        ...{ currency: 'EUR', variableSymbol: '12', endToEnd: 'A-1', ultimateDebtor: 'Jana' },
      },
      {
        ...{
          from,
          to: { iban: 'PL61109010140000071219812874', name: 'Ola', bic: 'WBKPPLPP' },
          amount: '10.5',
        },
        ...{ currency: 'PLN', charges: 'SHAR', message: 'Dzięki' },
      },
      {
        ...{ from, to: { account: '123456789', name: 'Jane', bic: 'CHASUS33', address } },
        ...{ amount: '1.01', currency: 'USD' },
      },
    ];
    for (const [at, order] of orders.entries()) {
      await press(page, 'pay', { order, code: true });
      await answer(page, 1, '');
      const { status, payment } = await ended(page, at + 1);
      assert.equal(status, 'unsigned');
      const level = ['DMCT', 'ESCT', 'EXCT', 'NXCT'][at];
      assert.equal(payment.serviceLevel.code, level);
    }
    assert.equal(await payments(), orders.length);
  }));

test('an order that is wrong never reaches the bank, and every fault is named', () =>
  paying(async ({ page, order, payments }) => {
    const wrong = { ...order, to: { iban: 'CZ0708000000001019540081' }, amount: '0', date: 'x' };
    await press(page, 'pay', { order: wrong, options: { mode: 'popup' } });
    const { error, fields } = await ended(page);
    assert.equal(error, 'invalid_order');
    assert.deepEqual(fields.map(({ field, rule }) => `${field} ${rule}`).sort(), [
      'amount amount_range',
      'date date_form',
      'to.iban iban_checksum',
    ]);
    assert.equal(await payments(), 0);
    assert.equal(page.context().pages().length, 1, 'no window was opened for it');
  }));

test('what cannot be had back is refused before anything is sent', () =>
  paying(async ({ page, order, payments }) => {
    for (const [at, appState] of [1n, { sum: 1n }].entries()) {
      await press(page, 'pay', { order, options: { mode: 'popup', appState } });
      const { error, message } = await ended(page, at + 1);
      assert.deepEqual([error, message], ['config', 'appState must be plain JSON']);
    }
    const tooMuch = 'x'.repeat(6_000_000); // the tab has room for 5 MB
    await press(page, 'pay', { order, options: { appState: tooMuch } });
    assert.equal((await ended(page, 3)).error, 'storage_unavailable');
    await press(page, 'pay', {});
    const { error, message } = await ended(page, 4);
    assert.equal(error, 'config');
    assert.match(message, /^order is missing/);
    assert.equal(await payments(), 0);
    assert.equal(page.context().pages().length, 1, 'no window was opened for it');
  }));

test('a blocked popup becomes a redirect', () =>
  paying(async ({ page, order, context }) => {
    await page.evaluate(() => {
      window.open = () => null; // what a popup blocker answers
    });
    await press(page, 'pay', { order, options: { mode: 'popup' } });
    await sign(page, world.user);
    assertPaid(await ended(page));
    assert.equal(context.pages().length, 1);
  }));

test('a second click while the first is under way is the same payment', () =>
  paying(async ({ page, order, payments }) => {
    await press(page, 'pay', { order, code: true });
    await page.locator('#pay').click();
    await page.locator('#pay').dblclick();
    await asked(page, 1);
    await answer(page, 1, await world.sms());
    assertPaid(await ended(page, 4));
    assert.equal(await payments(), 1);
    const keys = await page.evaluate(() => window.app.kept('ended').map(({ key }) => key));
    assert.equal(new Set(keys).size, 1);
  }));

test("B03 in a frame of another origin nothing is paid, though the frame has the person's session", () =>
  paying(async ({ page, order, payments }) => {
    await page.route(`${world.app}/pay.html`, async (route) => {
      const answered = await route.fetch();
      const headers = answered.headers();
      // the demo forbids all framing; an app that allows it must be safe too
      const policy = headers['content-security-policy'].replace("frame-ancestors 'none'; ", '');
      return route.fulfill({
        response: answered,
        headers: { ...headers, 'content-security-policy': policy },
      });
    });
    const other = strict.app; // the same site, so that even a Strict cookie goes along
    const body = `<iframe src="${world.app}/pay.html"></iframe>`;
    await page.route(`${other}/frame`, (route) =>
      route.fulfill({ contentType: 'text/html', body }),
    );
    await page.goto(`${other}/frame`);
    const frame = page.frameLocator('iframe');
    await frame.locator('#ready', { hasText: 'connected' }).waitFor();
    for (const [at, mode] of ['redirect', 'popup'].entries()) {
      await frame
        .locator('#pay')
        .evaluate(
          (_, [asked, options]) => Object.assign(window.app, { order: asked, options }),
          [order, { mode }],
        );
      await frame.locator('#pay').click();
      await frame.locator('#ended', { hasText: String(at + 1) }).waitFor();
      const { error } = await frame
        .locator('#ended')
        .evaluate(() => window.app.kept('ended').at(-1));
      assert.equal(error, 'unsupported', mode);
    }
    assert.equal(await payments(), 0);
    assert.equal(page.url(), `${other}/frame`);
    assert.equal(page.context().pages().length, 1, 'no window was opened for it');
  }));
