// Chromium: a person pays from the demo's page, by redirect and by popup, and is told in words how it ended.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { shifts, sideways, skippedHeadings, smallTargets, watchingShifts } from './lib/facts.mjs';
import { PAYEE, permit, sent, sign } from './lib/pay.mjs';
import { allRead, connect, reach } from './lib/person.mjs';
import { complaints, reports, watched } from './lib/watch.mjs';

const PAGES = [['USERAGENT_REDIRECT']];

let world;
let browser;
/** Cookies of a person who may read and pay. */
let storageState;
before(async () => {
  world = await startDemo();
  await world.turn({ sign_scenarios: PAGES, instant_payments: true, settle_after_ms: 100 });
  browser = await launchChromium();
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await connect(page, world);
  await permit(page, world, 'pay');
  await formOf(page);
  assert.equal(new URL(page.url()).hash, '#/pay', 'back where it was asked for');
  storageState = await context.storageState();
  await context.close();
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

/** That person, on the view that pays. */
async function paying(work, options = {}) {
  const { context, seen } = await watched(browser, world, { storageState, ...options });
  await watchingShifts(context);
  const page = await context.newPage();
  await page.goto(`${world.app}/#/pay`);
  await formOf(page);
  const before = await sent(world);
  await work({ page, context, seen, payments: async () => (await sent(world)) - before });
  assert.deepEqual(complaints(seen), [], 'the console is empty');
  assert.deepEqual(seen.foreign, []);
  await context.close();
}

/** The form of the element, once it knows the accounts. */
async function formOf(page) {
  await page.locator('bank-pay [part=form] option', { hasText: 'Běžný účet' }).waitFor({
    state: 'attached',
  });
}

/** Fills the form in as far as needed, to the review. */
async function review(page, amount) {
  await page.locator('bank-pay #to').fill(PAYEE);
  await page.locator('bank-pay #amount').fill(amount);
  await page.locator('bank-pay [part=check]').click();
  await page.locator('bank-pay [part=pay]').waitFor();
}

test('a permission to pay is one of its own, and breaks no view that reads', () =>
  paying(async ({ page }) => {
    await page.locator('[data-place=pay][aria-current=page]').waitFor();
    assert.match(await page.title(), /^Pay · /);
    await page.goto(`${world.app}/#/`);
    const cards = page.locator('article.connection');
    await cards.nth(1).waitFor();
    assert.equal(await cards.count(), 2);
    await page.locator('article.connection a[href="#/pay"]').click();
    await formOf(page);
    for (const [address, whole] of [
      ['overview', 'figure.months'],
      ['permissions', 'article.permission'],
    ]) {
      await page.goto(`${world.app}/#/${address}`);
      await page.locator(whole).first().waitFor();
      assert.equal(await page.locator('[role=alert]').count(), 0, address);
    }
  }));

test('by redirect, with the keyboard alone: paid, and told in words', () =>
  paying(async ({ page, payments }) => {
    const type = async (name, text) => {
      await reach(page, `bank-pay #${name}`);
      await page.keyboard.type(text);
    };
    await type('to', PAYEE);
    await type('amount', '1 500,50');
    await reach(page, 'bank-pay summary');
    await page.keyboard.press('Enter');
    await reach(page, 'bank-pay #priority');
    await page.keyboard.press('End'); // at once
    assert.equal(await page.locator('bank-pay #priority').inputValue(), 'INST');
    await reach(page, 'bank-pay [part=check]');
    await page.keyboard.press('Enter');
    await reach(page, 'bank-pay [part=pay]');
    await page.keyboard.press('Enter');
    await page.locator('#username').waitFor();
    await sign(page, world.user);
    const card = page.locator('.paid[data-status=settled]');
    await card.waitFor();
    assert.equal(await card.locator('h1').textContent(), 'Paid');
    assert.match(await card.textContent(), /the money has left your account/);
    assert.match(await card.textContent(), /1,500\.50/);
    assert.doesNotMatch(page.url(), /[?&](code|state|error)=/);
    assert.match(await page.locator('#live').textContent(), /^Paid\. You have signed/);
    assert.equal(await payments(), 1);
    assert.deepEqual(await violations(page), []);
    await reach(page, '.paid a[href="/#/pay"]');
    await page.keyboard.press('Enter');
    await formOf(page);
  }));

test('by popup: the page stays, and says how it ended', () =>
  paying(async ({ page, payments }) => {
    await page.locator('.pay-mode input[value=popup]').check();
    await review(page, '20');
    const opened = page.waitForEvent('popup');
    await page.locator('bank-pay [part=pay]').click();
    const popup = await opened;
    await sign(popup, world.user);
    await page.locator('bank-pay [part=title]', { hasText: /paid|accepted|taken/i }).waitFor();
    assert.ok(popup.isClosed() || (await popup.waitForEvent('close')));
    assert.equal(new URL(page.url()).hash, '#/pay');
    assert.equal(await payments(), 1);
  }));

test('who says no at the bank has paid nothing, and is told so', () =>
  paying(async ({ page, payments }) => {
    await review(page, '30');
    await page.locator('bank-pay [part=pay]').click();
    await page.locator('#cancel').click();
    const card = page.locator('.paid[data-status=cancelled]');
    await card.waitFor();
    assert.match(await card.textContent(), /You did not sign the payment.*Nothing was paid/);
    assert.match(await card.locator('a.button').first().textContent(), /Enter it anew/);
    await page.locator('[data-locale=cs]').click();
    await card.getByText('Nic se nezaplatilo').waitFor();
    assert.equal(await payments(), 1);
  }));

test('who comes back early can sign from there; it stays one payment', () =>
  paying(async ({ page, payments }) => {
    await review(page, '40');
    await page.locator('bank-pay [part=pay]').click();
    await page.locator('#username').waitFor();
    await page.goto(`${world.app}/callback?error=access_denied`);
    await page.locator('.paid[data-status=unsigned]').waitFor();
    assert.deepEqual(await violations(page), []);
    await page.locator('[data-act=sign]').click();
    await sign(page, world.user);
    await page.locator('.paid:is([data-status=accepted], [data-status=settled])').waitFor();
    assert.equal(await payments(), 1);
  }));

test('a payee of a movement is paid again from there', () =>
  paying(async ({ page }) => {
    await page.goto(`${world.app}/#/payments?text=najem&direction=out`);
    await allRead(page);
    await page.locator('.payment').first().click();
    const number = page.locator('dialog[open] dd', { hasText: /^CZ\d\d/ });
    const account = (await number.first().textContent()).replace(/\s/g, '');
    await page.locator('dialog[open] [data-act=pay-to]').click();
    await page.locator('bank-pay #amount').fill('10');
    assert.equal(await page.locator('bank-pay #to').count(), 0, 'nothing to type');
    await page.locator('bank-pay [part=check]').click();
    await page.locator('bank-pay [part=pay]').waitFor();
    const facts = (await page.locator('bank-pay [part=facts]').textContent()).replace(/\s/g, '');
    assert.ok(facts.includes(account), facts);
    assert.equal(await page.locator('dialog').count(), 0);
  }));

for (const [locale, colorScheme] of [
  ['en-GB', 'light'],
  ['cs-CZ', 'dark'],
]) {
  test(`paying owes nothing to anybody: ${locale}, ${colorScheme}`, () =>
    paying(
      async ({ page }) => {
        for (const width of [1280, 320]) {
          await page.setViewportSize({ width, height: 800 });
          await page.goto('about:blank');
          await page.goto(`${world.app}/#/pay`);
          await formOf(page);
          assert.deepEqual(await shifts(page), [], `${width}`);
          assert.deepEqual(await violations(page), [], `${width}`);
          assert.deepEqual(await sideways(page), [], `${width}`);
          assert.deepEqual(await smallTargets(page), [], `${width}`);
          assert.deepEqual(await skippedHeadings(page), [], `${width}`);
        }
        assert.deepEqual(await reports(page), [], 'the policy is kept');
      },
      { locale, colorScheme },
    ));
}
