// Chromium: what a page owes to people, by facts and counts instead of times: nothing moves, nothing
// is too small or too wide, the document says what it is, little is loaded, the console stays empty.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { launchChromium } from './lib/browsers.mjs';
import { PAGE, startDemo } from './lib/demo.mjs';
import {
  shifts,
  sideways,
  skippedHeadings,
  smallTargets,
  unsizedPictures,
  watchingShifts,
} from './lib/facts.mjs';
import { allRead, connect, connectionId, openApp, reach } from './lib/person.mjs';
import { complaints, reports, watched } from './lib/watch.mjs';

let world;
let browser;
before(async () => {
  world = await startDemo();
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

const SIZES = [
  { width: 1280, height: 900 },
  { width: 320, height: 640 },
];

/** Views that only those open who order something; their part of the page is fetched for them. */
const ORDERS = [
  ['/#/standing', 'article.standing'],
  ['/#/standing/new', '[data-list-only]'],
  ['/#/pay', '.pay-permission bank-connect:defined'],
];

/** Every view, by its address and what is there once it is whole. */
const views = (id, account) => [
  ['/#/', 'article.connection'],
  ['/#/overview', '.overview figure.months'],
  ['/#/payments', '.payments[data-complete]'],
  ['/#/payments?text=lipa&direction=out', '.payments[data-complete]'],
  ['/#/permissions', '.shared-accounts li'],
  ...ORDERS,
  [`/#/c/${id}`, '.totals, a.account .amount'],
  [`/#/c/${id}/a/${account}`, '.payments[data-complete]'],
];

async function connected(options) {
  const { context, seen } = await watched(browser, world, options);
  await watchingShifts(context);
  const page = await context.newPage();
  await connect(page, world);
  const id = connectionId(page);
  const account = await page.locator('a.account').first().getAttribute('data-account');
  return { context, seen, page, views: views(id, account) };
}

for (const size of SIZES) {
  test(`nothing moves while a view loads, at ${size.width}`, async () => {
    const { context, page, views } = await connected({ viewport: size });
    for (const [address, whole] of views) {
      await page.goto('about:blank');
      await page.goto(world.app + address);
      await page.locator(whole).first().waitFor();
      assert.deepEqual(await shifts(page), [], address);
    }
    await context.close();
  });

  test(`nothing moves by itself when the language changes, at ${size.width}`, async () => {
    const { context, page, views } = await connected({ viewport: size });
    for (const [address, whole] of views) {
      await page.goto('about:blank');
      await page.goto(world.app + address);
      await page.locator(whole).first().waitFor();
      // pressed by a program, so that the browser forgives nothing as the effect of a press
      await page.evaluate(() => document.querySelector('[data-locale=cs]').click());
      await page.locator('html[lang=cs]').waitFor();
      await page.locator(whole).first().waitFor();
      assert.deepEqual(await shifts(page), [], address);
      await page.evaluate(() => document.querySelector('[data-locale=en]').click());
    }
    await context.close();
  });
}

test('what can be pressed is large enough, headings are in order, pictures have a size', async () => {
  const { context, seen, page, views } = await connected();
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const [address, whole] of views) {
      await page.goto(world.app + address);
      await page.locator(whole).first().waitFor();
      const where = `${address} at ${size.width}`;
      assert.deepEqual(await smallTargets(page), [], where);
      assert.deepEqual(await skippedHeadings(page), [], where);
      assert.deepEqual(await unsizedPictures(page), [], where);
    }
  }
  assert.deepEqual(complaints(seen), [], 'the console is empty');
  assert.deepEqual(await reports(page), [], 'the policy is kept');
  await context.close();
});

test('no view scrolls sideways: 320 px wide, zoomed to 200 %, text twice as large', async () => {
  const { context, page, views } = await connected();
  for (const [address, whole] of views) {
    for (const [name, width, text] of [
      ['320 px', 320, '100%'],
      ['zoomed', 640, '100%'],
      ['large text', 1280, '200%'],
      ['large text on a phone', 390, '200%'],
    ]) {
      await page.setViewportSize({ width, height: 720 });
      await page.goto(world.app + address);
      await page.evaluate((size) => {
        document.documentElement.style.fontSize = size;
      }, text);
      await page.locator(whole).first().waitFor();
      assert.deepEqual(await sideways(page), [], `${address}, ${name}`);
    }
  }
  await context.close();
});

test('every view has a title of its own, a language and a description', async () => {
  const { context, page, views } = await connected();
  for (const locale of ['en', 'cs']) {
    await page.locator(`[data-locale=${locale}]`).click();
    const titles = [];
    for (const [address, whole] of views.filter(([address]) => !address.includes('?'))) {
      await page.goto(world.app + address);
      await page.locator(whole).first().waitFor();
      titles.push(await page.title());
      assert.equal(await page.locator('html').getAttribute('lang'), locale);
    }
    assert.equal(new Set(titles).size, titles.length, titles.join(' | '));
    assert.ok((await page.locator('meta[name=description]').getAttribute('content')).length > 50);
  }
  await context.close();
});

/** Files of its own that the page has asked for; what only a payment or a choice loads is not among them. */
const fetched = () =>
  performance
    .getEntriesByType('resource')
    .map(({ name }) => new URL(name))
    .filter(({ origin }) => origin === location.origin)
    .map(({ pathname }) => pathname.slice(1))
    .filter((name) => /\.(js|css)$/.test(name));

test('the page is small, and little of it is on the document', async () => {
  const files = new Set();
  const whole = new Set();
  const { context, page, views } = await connected();
  for (const [address, shown] of views) {
    await page.goto('about:blank');
    await page.goto(world.app + address);
    await page.locator(shown).first().waitFor();
    const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
    assert.ok(nodes < 900, `${nodes} elements in ${address}`);
    const orders = ORDERS.some(([one]) => one === address);
    for (const name of await page.evaluate(fetched)) {
      whole.add(name);
      if (!orders) files.add(name);
    }
  }
  const bytes = (ending, of = files) =>
    [...of]
      .filter((name) => name.endsWith(ending))
      .reduce((sum, name) => sum + brotliCompressSync(readFileSync(join(PAGE, name))).length, 0);
  assert.ok(files.size > 3, `${[...files]}`);
  assert.ok(bytes('.js') < 40_000, `${bytes('.js')} bytes of JavaScript`);
  assert.ok(bytes('.js', whole) < 60_000, `${bytes('.js', whole)} bytes with all views`);
  assert.ok(bytes('.css') < 6_000, `${bytes('.css')} bytes of CSS`);
  await context.close();
});

test('the whole app can be walked with the keyboard alone', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await connect(page, world);
  const press = (...keys) =>
    keys.reduce((last, key) => last.then(() => page.keyboard.press(key)), Promise.resolve());
  await reach(page, '[data-place=overview]');
  await press('Enter');
  await page.locator('figure.months').waitFor();
  await reach(page, '.segments input[name=period]');
  await press('ArrowRight');
  await page.locator('figure.chart[data-days="366"]').waitFor();
  await reach(page, 'a.party');
  const payee = await page.locator('a.party:focus .party-name').textContent();
  await press('Enter');
  await allRead(page);
  assert.equal(await page.locator('input[name=text]').inputValue(), payee);
  await reach(page, '.payment');
  await press('End', 'Home', 'ArrowDown', 'Enter');
  await page.locator('dialog[open]').getByText('Běžný účet').waitFor();
  await press('Escape');
  await page.locator('.payment[aria-rowindex="3"]:focus').waitFor();
  await reach(page, '[data-place=permissions]', 'Shift+Tab');
  await press('Enter');
  await page.locator('.permission').waitFor();
  await reach(page, '.permission [data-act=disconnect]');
  await press('Enter');
  await reach(page, 'dialog[open] [data-act=yes]');
  await press('Enter');
  await page.locator('[data-at-bank]').waitFor();
  await reach(page, '[data-place=permissions]', 'Shift+Tab');
  await press('Enter');
  await page.locator('.history li').waitFor();
  await reach(page, '[data-act=forget]');
  await press('Enter');
  await page.locator('h1:focus').waitFor();
  assert.equal(await page.locator('.history').count(), 0);
  await openApp(page, world.app);
  await context.close();
});
