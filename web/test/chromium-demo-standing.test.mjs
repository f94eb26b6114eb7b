// Chromium: standing orders on the demo's page: what is read, a new one, its end, and what a bank of the
// standard's older version does not have.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { shifts, sideways, skippedHeadings, smallTargets, watchingShifts } from './lib/facts.mjs';
import { permit, sign } from './lib/pay.mjs';
import { connect, reach } from './lib/person.mjs';
import { complaints, reports, watched } from './lib/watch.mjs';

const PAGES = [['USERAGENT_REDIRECT']];

let world;
let old;
let browser;
/** Cookies of a person who may read and order. */
let storageState;
before(async () => {
  [world, old] = await Promise.all([startDemo('--cobs', '5.0'), startDemo()]);
  await world.turn({ sign_scenarios: PAGES });
  browser = await launchChromium();
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await connect(page, world);
  await permit(page, world, 'standing/new');
  await page.locator('form.order-form').waitFor();
  storageState = await context.storageState();
  await context.close();
});
after(async () => {
  await browser?.close();
  await Promise.all([world?.stop(), old?.stop()]);
});

/** That person, on the form of a new order. */
async function ordering(work, options = {}) {
  const { context, seen } = await watched(browser, world, { storageState, ...options });
  await watchingShifts(context);
  const page = await context.newPage();
  await page.goto(`${world.app}/#/standing/new`);
  await page.locator('form.order-form').waitFor();
  await work({ page, seen });
  assert.deepEqual(complaints(seen), [], 'the console is empty');
  assert.deepEqual(await reports(page), [], 'the policy is kept');
  await context.close();
}

/** Fills a good order in. */
async function fill(page, name) {
  await page.locator('[name=alias]').fill(name);
  await page.locator('[name=to]').fill('19-2000145399/0800');
  await page.locator('[name=amount]').fill('1 500,50');
  await page.locator('[name=vs]').fill('123');
  await page.locator('[name=message]').fill('Nájem');
}

/** The card of an order. */
const card = (page, name) =>
  page.locator('article.standing', { has: page.getByRole('heading', { name, exact: true }) });

/** Enters an order and signs it. */
async function enter(page, name) {
  await fill(page, name);
  await page.locator('form.order-form [type=submit]').click();
  await page.locator('#username').waitFor();
  await sign(page, world.user);
  await page.locator('[data-signing=done]').waitFor();
  await card(page, name).waitFor();
}

/** How often the bank was asked to enter or end an order. */
async function acts(method) {
  const all = await world.requests();
  return all.filter(
    (one) => one.method === method && /\/my\/standingorders(\/[^/]+)?$/.test(one.path),
  ).length;
}

test('a new order with the keyboard alone, and its end: both signed at the bank', () =>
  ordering(async ({ page }) => {
    const [entered, deleted] = [await acts('POST'), await acts('DELETE')];
    const type = async (name, text) => {
      await reach(page, `[name=${name}]`);
      await page.keyboard.type(text);
    };
    await type('alias', 'Chata');
    await type('to', '19-2000145399/0800');
    await type('amount', '1500,50');
    await reach(page, 'form.order-form [type=submit]');
    await page.keyboard.press('Enter');
    await page.locator('#username').waitFor();
    await sign(page, world.user);
    await page.locator('[data-signing=done]').getByText('The standing order is in force').waitFor();
    const mine = card(page, 'Chata');
    await mine.getByText('Every month, on day 1').waitFor();
    assert.match(await mine.textContent(), /1,500\.50/);
    assert.match(await mine.textContent(), /CZ65\s0800\s0000\s1920\s0014\s5399/);
    assert.equal(new URL(page.url()).hash, '#/standing', 'it is told once');
    assert.match(await page.locator('#live').textContent(), /in force/);
    await reach(page, '[data-act=end]');
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').getByText('Cancel the standing order? (Chata)').waitFor();
    await reach(page, 'dialog[open] [data-act=yes]');
    await page.keyboard.press('Enter');
    await page.locator('#username').waitFor();
    await sign(page, world.user);
    await page
      .locator('[data-signing=done]')
      .getByText('The standing order is cancelled')
      .waitFor();
    await card(page, 'Sporeni').waitFor();
    assert.equal(await card(page, 'Chata').count(), 0);
    assert.deepEqual([await acts('POST'), await acts('DELETE')], [entered + 1, deleted + 1]);
  }));

test('who says no at the bank is told what holds: no order, or one that stays', () =>
  ordering(async ({ page }) => {
    await fill(page, 'Auto');
    await page.locator('form.order-form [type=submit]').click();
    await page.locator('#cancel').click();
    const told = page.locator('[data-signing=cancelled]');
    await told.getByText('It does not exist and pays nothing.').waitFor();
    await card(page, 'Sporeni').waitFor();
    assert.equal(await card(page, 'Auto').count(), 0);
    await page.locator('[data-act=new]').click();
    await enter(page, 'Auto');
    await card(page, 'Auto').locator('[data-act=end]').click();
    await page.locator('dialog[open] [data-act=yes]').click();
    await page.locator('#cancel').click();
    await told.getByText('stays in force').waitFor();
    await card(page, 'Auto').locator('[data-act=end]').waitFor();
  }));

test('what is not signed waits in the list, to be signed or dropped', () =>
  ordering(async ({ page }) => {
    for (const name of ['Kolo', 'Kurz']) {
      await page.goto(`${world.app}/#/standing/new`);
      await page.locator('form.order-form').waitFor();
      await fill(page, name);
      await page.locator('form.order-form [type=submit]').click();
      await page.locator('#username').waitFor();
    }
    await page.goto(`${world.app}/#/standing`);
    const waiting = card(page, 'Kolo');
    await waiting.getByText('Waits for your signature').waitFor();
    await waiting.locator('[data-act=sign]').click();
    await page.locator('#username').waitFor();
    await sign(page, world.user);
    await page.locator('[data-signing=done]').waitFor();
    await page.locator('article.standing[data-standing=active]', { hasText: 'Kolo' }).waitFor();
    await card(page, 'Kurz').locator('[data-act=end]').click();
    await page.locator('dialog[open]').getByText('dropped at once').waitFor();
    await page.locator('dialog[open] [data-act=yes]').click();
    await page.locator('[data-signing=done]').getByText('is dropped').waitFor();
    await card(page, 'Kolo').waitFor();
    assert.equal(await card(page, 'Kurz').count(), 0);
  }));

test('what is wrong is said at its field, and nothing is sent', () =>
  ordering(async ({ page }) => {
    const before = await acts('POST');
    const fault = (name) => page.locator(`#fault-${name}`);
    await page.locator('form.order-form [type=submit]').click();
    await page.locator('[name=to]:focus').waitFor();
    for (const name of ['to', 'amount']) {
      assert.match(await fault(name).textContent(), /Please fill this in/);
      const field = page.locator(`[name=${name}]`);
      assert.equal(await field.getAttribute('aria-invalid'), 'true');
      assert.ok((await field.getAttribute('aria-describedby')).includes(`fault-${name}`));
    }
    for (const [name, text, words] of [
      ['to', '19-2000145398/0800', /no such account number/],
      ['to', 'DE89370400440532013000', /Czech account only/],
      ['amount', '1,234', /two decimal places/],
      ['vs', '12a', /ten digits/],
      ['first', '2031-01-31', /up to the 28th/],
      ['last', '2026-01-01', /before the first/],
    ]) {
      await page.locator(`[name=${name}]`).fill(text);
      await page.locator(`[name=${name}]`).blur();
      await fault(name).getByText(words).waitFor();
    }
    await page.locator('[name=interval]').selectOption('WEEKLY');
    await page.locator('[name=first]').fill('2031-02-01'); // a Saturday
    await page.locator('[name=first]').blur();
    await fault('first').getByText('Monday to Friday').waitFor();
    await page.locator('[name=amount]').fill('10');
    await page.locator('[name=amount]').blur();
    await fault('amount').waitFor({ state: 'hidden' });
    await page.locator('form.order-form [type=submit]').click();
    assert.equal(await acts('POST'), before);
  }));

test('the answer that got lost is given again: one order, however often it is sent', () =>
  ordering(async ({ page, seen }) => {
    const before = await acts('POST');
    const lose = async (route) => {
      await route.fetch();
      await route.abort();
    };
    await page.route('**/api/my/standingorders', lose, { times: 1 });
    await fill(page, 'Plavani');
    await page.locator('form.order-form [type=submit]').click();
    await page.locator('[role=alert][data-code=network]').waitFor();
    await page.locator('form.order-form [type=submit]').click();
    await page.locator('#username').waitFor();
    await page.goto(`${world.app}/#/standing`);
    await card(page, 'Plavani').waitFor();
    assert.equal(await card(page, 'Plavani').count(), 1);
    assert.equal(await acts('POST'), before + 1);
    assert.equal(complaints(seen).length, 1, 'the lost answer');
    seen.complaints.length = 0;
  }));

test('a bank of version 2.0 has the list alone, and the page says so', async () => {
  const { context, seen } = await watched(browser, old);
  const page = await context.newPage();
  await connect(page, old);
  await page.goto(`${old.app}/#/standing`);
  await card(page, 'Sporeni').getByText('Every month, on day 11').waitFor();
  await page.locator('[data-list-only]').getByText('version 2.0').waitFor();
  assert.equal(await page.locator('[data-act=new], [data-act=end]').count(), 0);
  await page.locator('[data-locale=cs]').click();
  await card(page, 'Na dovolenou').getByText('Každý rok v červenci').waitFor();
  await page.goto(`${old.app}/#/standing/new`);
  await page.locator('[data-list-only]').waitFor();
  assert.equal(await page.locator('form').count(), 0);
  assert.deepEqual(complaints(seen), []);
  await context.close();
});

for (const [locale, colorScheme] of [
  ['en-GB', 'dark'],
  ['cs-CZ', 'light'],
]) {
  test(`standing orders owe nothing to anybody: ${locale}, ${colorScheme}`, () =>
    ordering(
      async ({ page }) => {
        const check = async (state) => {
          assert.deepEqual(await violations(page), [], state);
          assert.deepEqual(await sideways(page), [], state);
          assert.deepEqual(await smallTargets(page), [], state);
          assert.deepEqual(await skippedHeadings(page), [], state);
        };
        const submit = page.locator('form.order-form [type=submit]');
        await fill(page, 'Skolka');
        await submit.click();
        await page.locator('#username').waitFor();
        for (const width of [1280, 320]) {
          await page.setViewportSize({ width, height: 800 });
          for (const [address, whole] of [
            ['standing', '[data-standing=unsigned]'],
            ['standing/new', 'form.order-form'],
          ]) {
            await page.goto('about:blank');
            await page.goto(`${world.app}/#/${address}`);
            await page.locator(whole).first().waitFor();
            assert.deepEqual(await shifts(page), [], `${address} at ${width}`);
            await check(`${address} at ${width}`);
          }
          await submit.click();
          await check(`faults at ${width}`);
        }
        await page.goto(`${world.app}/#/standing`);
        await card(page, 'Skolka').locator('[data-act=end]').click();
        await check('the question');
        await page.locator('dialog[open] [data-act=yes]').click();
        await page.locator('[data-signing=done]').waitFor();
        await page.locator('article.standing').first().waitFor();
        await check('what became of it');
      },
      { locale, colorScheme },
    ));
}
