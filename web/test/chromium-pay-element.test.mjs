// Chromium: a payment by <bank-pay>, from the form to its end, by every way to sign.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { shifts } from './lib/facts.mjs';
import { servePages } from './lib/pages.mjs';
import { PAYEE, sent, sign } from './lib/pay.mjs';
import {
  atForm,
  BY_CODE,
  BY_PAGE,
  connected,
  part,
  payFor,
  step,
  told,
} from './lib/pay-element.mjs';
import { complaints, reports } from './lib/watch.mjs';

const LUNCH = { to: PAYEE, amount: '1 500,50', message: 'Oběd' };
const TAKEN = /^(The payment is made|Your bank has taken the payment)$/;

let pages;
let world;
let browser;
let storageState;
before(async () => {
  pages = await servePages('pay-element.html');
  world = await startDemo('--page', pages.folder);
  browser = await launchChromium();
  storageState = await connected(browser, world);
});
after(async () => {
  await browser?.close();
  await world?.stop();
  pages?.remove();
});

/** A test at the form; the bank signs by these ways. */
function paying(name, work, { scenarios = BY_PAGE, ...rest } = {}) {
  test(name, async () => {
    await world.turn({ sign_scenarios: scenarios });
    await atForm(browser, world, { storageState, ...rest }, work);
  });
}

const names = async (page) => (await told(page)).map(({ name }) => name);

paying(
  'by keyboard alone: form, review, the bank, the result on the callback page',
  async ({ page, seen }) => {
    const before = await sent(world);
    await page.locator('bank-pay #from').focus();
    for (const words of ['19-2000145399/0800', '1500.50']) {
      await page.keyboard.press('Tab');
      await page.keyboard.type(words);
    }
    for (const words of ['', '7418529630', 'Oběd']) {
      await page.keyboard.press('Tab');
      await page.keyboard.type(words);
    }
    await page.keyboard.press('Enter');
    await step(page, 'Is this right?');
    const facts = await part(page, 'fact').allTextContents();
    assert.ok(facts.includes('CZK\u00a01,500.50'), facts.join());
    assert.ok(facts.includes('19-2000145399/0800'));
    assert.ok(facts.includes('Obed'), 'as the bank will get it');
    assert.ok(facts.includes('as soon as possible'));
    assert.equal(
      await page.evaluate(() => window.app.element.shadowRoot.activeElement.id),
      'title',
    );
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await sign(page, world.user);
    await step(page, TAKEN);
    assert.equal(new URL(page.url()).pathname, '/callback');
    assert.equal((await sent(world)) - before, 1);
    const [paying, paid, ...more] = await told(page);
    assert.deepEqual(
      [paying.name, paying.amount, paying.to],
      ['paying', '1500.50', { account: '19-2000145399/0800' }],
    );
    assert.deepEqual([paid.name, more], ['paid', []]);
    assert.match(paid.status, /^(settled|accepted)$/);
    assert.deepEqual(await shifts(page), []);
    assert.deepEqual(complaints(seen), []);
    assert.deepEqual(await reports(page), []);
    await page.reload();
    await part(page, 'form').waitFor();
    assert.deepEqual(await names(page), ['paying', 'paid'], 'told once');
  },
);

paying(
  'by popup: it opens within the click and the page goes on',
  async ({ page, context }) => {
    const opened = context.waitForEvent('page');
    await payFor(page, LUNCH);
    const popup = await opened;
    await step(page, 'Your payment');
    await part(page, 'status').getByText('Continue in your bank’s window.').waitFor();
    await sign(popup, world.user);
    await step(page, TAKEN);
    assert.deepEqual(await names(page), ['paying', 'paid']);
    await part(page, 'again').click();
    await part(page, 'form').waitFor();
    await page.locator('bank-pay #to:enabled').waitFor();
    assert.equal(await page.locator('bank-pay #to').inputValue(), '');
  },
  { fragment: 'pay-mode=popup' },
);

paying(
  'cancelled, or its popup closed, it waits; the next press signs it',
  async ({ page, context }) => {
    const before = await sent(world);
    let opened = context.waitForEvent('page');
    await payFor(page, LUNCH);
    const first = await opened;
    await first.locator('#username').waitFor();
    await page.bringToFront();
    await part(page, 'cancel').click();
    await step(page, 'Payments that have not ended');
    await part(page, 'payment')
      .getByText('A payment of CZK 1,500.50 to 2108589434/0800 waits')
      .waitFor();
    opened = context.waitForEvent('page');
    await part(page, 'sign').click();
    const second = await opened;
    await second.locator('#username').waitFor();
    await page.evaluate(() => new Promise((seen) => setTimeout(seen, 1500))); // a person looks around
    await second.close();
    await page.bringToFront();
    await step(page, 'The payment waits for your signature');
    opened = context.waitForEvent('page');
    await part(page, 'sign').click();
    const third = await opened;
    await third.locator('#cancel').click();
    await step(page, 'The payment is cancelled');
    assert.deepEqual(await names(page), ['paying', 'cancelled', 'unpaid', 'unpaid']);
    assert.equal((await sent(world)) - before, 1);
  },
  { fragment: 'pay-mode=popup' },
);

paying(
  'by code: a wrong one is said, the right one pays',
  async ({ page }) => {
    await payFor(page, LUNCH);
    const code = page.locator('bank-pay #code');
    await code.waitFor();
    const signed = 'The code signs a payment of CZK\u00a01,500.50 to 2108589434/0800.';
    assert.equal(await part(page, 'signs').textContent(), signed);
    const status = page.locator('bank-pay [role=status]');
    assert.equal(await status.textContent(), '', 'what was said of the step before');
    await page.keyboard.press('Enter');
    await part(page, 'field-error').getByText('Please write the code.').waitFor();
    await page.keyboard.type('00000000');
    await page.keyboard.press('Enter');
    await part(page, 'field-error').getByText('This code is wrong.').waitFor();
    assert.equal(await code.getAttribute('aria-invalid'), 'true');
    assert.equal(await page.evaluate(() => window.app.element.shadowRoot.activeElement.id), 'code');
    await page.keyboard.type(await world.sms());
    await page.keyboard.press('Enter');
    await step(page, TAKEN);
    assert.equal(await status.textContent(), '');
  },
  { scenarios: BY_CODE },
);

paying(
  'who signs later finds the payment after a reload, and can forget it',
  async ({ page }) => {
    await payFor(page, LUNCH);
    await part(page, 'give-up').click();
    await step(page, 'The payment waits for your signature');
    assert.equal((await told(page)).at(-1).status, 'unsigned');
    await page.reload();
    await step(page, 'Payments that have not ended');
    await part(page, 'sign').click();
    await page.locator('bank-pay #code').waitFor();
    await part(page, 'give-up').click();
    await step(page, 'The payment waits for your signature');
    await page.reload();
    await part(page, 'forget').click();
    await page.locator('bank-pay #to:enabled').waitFor();
    await page.reload();
    await part(page, 'form').waitFor();
    await page.locator('bank-pay #to:enabled').waitFor();
    assert.equal(await part(page, 'payment').count(), 0);
  },
  { scenarios: BY_CODE },
);

paying(
  'two of one amount to one payee are told apart',
  async ({ page }) => {
    for (const [variableSymbol, message] of [
      ['2411', 'Oběd'],
      ['2412', 'Nájem'],
    ]) {
      await payFor(page, { ...LUNCH, variableSymbol, message });
      await part(page, 'give-up').click();
      await part(page, 'again').click();
      await page.locator('bank-pay #to:enabled').waitFor();
    }
    await page.reload();
    await step(page, 'Payments that have not ended');
    const marks = await part(page, 'marks').allTextContents();
    const [rent, lunch] = marks.map((words) => words.replace(/begun .+$/, 'begun'));
    assert.equal(rent, 'Variable symbol: 2412Message to the payee: Najembegun');
    assert.equal(lunch, 'Variable symbol: 2411Message to the payee: Obedbegun');
  },
  { scenarios: BY_CODE },
);

paying(
  'a popup that was opened for nothing is closed where the bank wants a code',
  async ({ page, context }) => {
    await payFor(page, LUNCH);
    await page.locator('bank-pay #code').waitFor();
    assert.deepEqual(context.pages(), [page]);
  },
  { scenarios: BY_CODE, fragment: 'pay-mode=popup' },
);

paying(
  'an instant payment is made at once, or refused with the reason in words',
  async ({ page }) => {
    await world.turn({ instant_payments: true, settle_after_ms: 0 });
    await part(page, 'more-title').click();
    await page.locator('bank-pay #priority').selectOption('INST');
    await payFor(page, LUNCH);
    await sign(page, world.user);
    await step(page, 'The payment is made');
    await part(page, 'again').click();
    await page.locator('bank-pay #to:enabled').waitFor();
    await part(page, 'more-title').click();
    await page.locator('bank-pay #priority').selectOption('INST');
    await payFor(page, { ...LUNCH, amount: '999999999' });
    await sign(page, world.user);
    await step(page, 'Your bank has refused the payment');
    await part(page, 'reason')
      .getByText('Why: There is not enough money on the account.')
      .waitFor();
    const statuses = (await told(page)).flatMap(({ status }) => status ?? []);
    assert.deepEqual(statuses, ['settled', 'rejected']);
  },
);

paying('an answer of the bank that got lost: nothing is sent again by itself', async ({ page }) => {
  const before = await sent(world);
  const rule = { to: 'drop_after_commit', times: 1, path: '/my/payments' };
  await world.turn({ api_reply: { always: 'normal', rules: [rule] } });
  await payFor(page, LUNCH);
  await part(page, 'error').getByText('Look at your account before you pay again.').waitFor();
  await part(page, 'retry').click();
  await step(page, 'Payments that have not ended');
  await part(page, 'payment').getByText('about a payment got lost').waitFor();
  assert.equal(await part(page, 'sign').count(), 0, 'nobody knows what there is to sign');
  await part(page, 'forget').click();
  await page.locator('bank-pay #to:enabled').waitFor();
  assert.equal(await page.locator('bank-pay #to').inputValue(), PAYEE);
  assert.deepEqual(await names(page), ['paying', 'failed']);
  assert.equal((await sent(world)) - before, 1);
});

paying('the bank refuses the order itself: the form is kept', async ({ page }) => {
  await world.turn({ payment_kinds: [] });
  await payFor(page, LUNCH);
  await step(page, 'The payment was not finished');
  await part(page, 'error').getByText('Your bank has refused the payment.').waitFor();
  await world.turn({ payment_kinds: ['domestic', 'sepa', 'eea', 'non_eea'] });
  await part(page, 'retry').click();
  await page.locator('bank-pay #to:enabled').waitFor();
  assert.equal(await page.locator('bank-pay #to').inputValue(), PAYEE);
  assert.deepEqual(await names(page), ['paying', 'failed']);
});

paying(
  'a page that prevents it keeps the review, and nothing is sent',
  async ({ page }) => {
    const before = await sent(world);
    await payFor(page, LUNCH);
    await part(page, 'pay').click();
    assert.deepEqual(await names(page), ['paying', 'paying']);
    assert.equal(await sent(world), before);
    await part(page, 'change').click();
    assert.equal(await page.locator('bank-pay #amount').inputValue(), '1 500,50');
  },
  { fragment: 'stops=' },
);
