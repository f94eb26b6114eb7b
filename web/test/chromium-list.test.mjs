// Chromium: a list of a hundred thousand payments: only what can be seen is on the page, it is found
// by words and filters that the address keeps, its sums are the bank's, and its place is remembered.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { shifts, watchingShifts } from './lib/facts.mjs';
import { allRead, connect } from './lib/person.mjs';
import { complaints, watched } from './lib/watch.mjs';

const MANY = 100_000;
/** As many rows as two windows hold, and a few more. */
const FEW = 60;

let world;
let browser;
before(async () => {
  world = await startDemo('--movements', String(MANY));
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

const rows = (page) => page.locator('.payment').count();
const found = (page, count) => page.locator(`.payments[data-found="${count}"]`).waitFor();
const place = (page) => page.evaluate(() => Math.round(scrollY));

test('a hundred thousand payments: read, found, filtered, walked through, and found again', async () => {
  const { context, seen } = await watched(browser, world);
  await watchingShifts(context);
  const page = await context.newPage();
  const town = world.users.find(({ username }) => username === 'obec');
  await connect(page, { ...world, user: town });
  await page.goto(`${world.app}/#/payments`);
  await page.locator('.payment').first().waitFor();

  // while the rest is on its way the list can be used
  await page
    .locator('input[name=text]')
    .pressSequentially('uhrada faktury technicke', { delay: 0 });
  assert.equal(await page.locator('input[name=text]').inputValue(), 'uhrada faktury technicke');
  await page.locator('.payment .who', { hasText: 'Technické služby' }).first().waitFor();
  assert.match(await page.locator('.progress').textContent(), /Reading|That is all/);
  await allRead(page);
  await found(page, MANY / 10);
  assert.ok((await rows(page)) < FEW);
  assert.deepEqual(await shifts(page), [], 'nothing moved while rows came');

  await sumsAreTheBanks(page);
  await addressKeepsTheQuestion(page);
  await keyboardReachesTheEnd(page);
  await placeIsRemembered(page);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(complaints(seen), []);
  await context.close();
});

/** What is said to be found is what the bank has: everything in, everything out. */
async function sumsAreTheBanks(page) {
  await page.locator('input[name=text]').fill('');
  await found(page, MANY);
  const whole = await page.locator('.found').textContent();
  assert.match(whole, /^100,000 payments · in CZK/);
  await page.locator('.more-filters summary').click();
  await page.locator('select[name=direction]').selectOption('in');
  await found(page, (MANY * 9) / 10);
  const came = await page.locator('.found').textContent();
  const figure = (text) => /in (CZK[\s\u00a0]?[\d,.]+)/.exec(text)?.[1];
  assert.equal(figure(came), figure(whole), 'all that came in is among what came in');
  await page.locator('input[name=min]').fill('499,5');
  await page.locator('input[name=max]').fill('500.00');
  await page.locator('.payments:not([data-found="90000"])').waitFor();
  const amounts = await page.locator('.payment .amount').allTextContents();
  assert.deepEqual([...new Set(amounts)], ['+CZK\u00a0500.00']);
}

async function addressKeepsTheQuestion(page) {
  const count = await page.locator('.payments').getAttribute('data-found');
  assert.match(page.url(), /#\/payments\?direction=in&min=499%2C5&max=500.00$/);
  await page.locator('[data-place=overview]').click();
  await page.locator('figure.months').waitFor();
  await page.goBack();
  await found(page, count);
  assert.equal(await page.locator('input[name=max]').inputValue(), '500.00');
  assert.ok(await page.locator('select[name=direction]').isVisible(), 'what is set is shown');
  await page.locator('input[name=text]').fill('this is nowhere');
  await page.getByText('No payment fits').waitFor();
  await page.getByRole('button', { name: 'Show all payments' }).click();
  await found(page, MANY);
  await page.locator('input[name=text]:focus').waitFor();
  assert.match(page.url(), /#\/payments$/);
}

async function keyboardReachesTheEnd(page) {
  const grid = page.getByRole('grid');
  assert.equal(await grid.getAttribute('aria-rowcount'), String(MANY + 1));
  await page.locator('.payment[tabindex="0"]').focus();
  await page.keyboard.press('End');
  await page.locator(`.payment[aria-rowindex="${MANY + 1}"]:focus`).waitFor();
  assert.ok((await rows(page)) < FEW);
  await page.keyboard.press('ArrowUp');
  await page.locator(`.payment[aria-rowindex="${MANY}"]:focus`).waitFor();
  // the row that has the focus stays, even out of sight, or the focus would be lost
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
  await page.locator('.payment[aria-rowindex="2"]').waitFor();
  await page.locator(`.payment[aria-rowindex="${MANY}"]:focus`).waitFor();
  const order = await page
    .locator('.payment')
    .evaluateAll((all) => all.map((row) => Number(row.getAttribute('aria-rowindex'))));
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
    'in reading order',
  );
}

async function placeIsRemembered(page) {
  await page.evaluate(() => scrollTo({ top: 1_000_000, behavior: 'instant' }));
  await page.waitForFunction(() => history.state?.y === 1_000_000);
  const [first] = await page.locator('.payment .who').allTextContents();
  await page.locator('[data-place=permissions]').evaluate((link) => link.click());
  await page.locator('.permission').waitFor();
  assert.equal(await place(page), 0);
  await page.goBack();
  await page.waitForFunction(() => scrollY === 1_000_000);
  assert.ok((await page.locator('.payment .who').allTextContents()).includes(first));
}

test('several accounts are one list, newest first, and one of them can be picked', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await connect(page, world);
  await page.goto(`${world.app}/#/payments`);
  const all = await allRead(page);
  const days = await page
    .locator('.payment time')
    .evaluateAll((times) => times.map((time) => time.getAttribute('datetime')));
  assert.deepEqual(days, [...days].sort().reverse());
  const counts = [];
  await page.locator('.more-filters summary').click();
  const select = page.locator('select[name=account]');
  for (const value of await select.locator('option').evaluateAll((o) => o.map((x) => x.value))) {
    await select.selectOption(value);
    if (value) await page.locator(`.payments:not([data-found="${counts.at(-1)}"])`).waitFor();
    counts.push(Number(await page.locator('.payments').getAttribute('data-found')));
  }
  assert.equal(counts[0], all);
  assert.equal(
    counts.slice(1).reduce((sum, count) => sum + count, 0),
    all,
  );
  await context.close();
});

test('words are found without accents, in messages, symbols, accounts and amounts', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await connect(page, world);
  await page.locator('a.account').first().click();
  await allRead(page);
  const search = page.locator('input[name=text]');
  for (const [words, who] of [
    ['bytove druzstvo', 'Bytové družstvo Lípa'],
    ['NAJEM a zálohy', 'Bytové družstvo Lípa'],
    ['4127011', 'Bytové družstvo Lípa'],
    ['16500,00', 'Bytové družstvo Lípa'],
  ]) {
    await search.fill(words);
    await page.waitForFunction((name) => {
      const all = [...document.querySelectorAll('.payment .who')];
      return all.length > 0 && all.every(({ textContent }) => textContent === name);
    }, who);
  }
  await page.locator('.payment').first().click();
  const account = await page.locator('dialog dd').nth(3).textContent();
  assert.match(account, /^CZ\d\d/);
  await page.keyboard.press('Escape');
  await search.fill(account.replaceAll('\u00a0', ' '));
  await page.locator('.payment .who', { hasText: 'Bytové družstvo Lípa' }).first().waitFor();
  await context.close();
});

test('the overview is made of the same figures as the list', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await connect(page, world);
  await page.goto(`${world.app}/#/overview`);
  await page.locator('a.party').first().waitFor();
  const [name, sum] = await page
    .locator('a.party')
    .first()
    .locator('.party-name, .amount')
    .allTextContents();
  const since = (await page.locator('.halves .small').first().textContent()).slice(0, 40);
  await page.locator('a.party').first().click();
  await allRead(page);
  assert.equal(await page.locator('.payment .who').first().textContent(), name);
  assert.ok(since.length > 0 && sum.startsWith('CZK'));
  await page.goBack();
  await page.locator('.overview .segments input[value=EUR]').check();
  await page.locator('figure.chart figcaption', { hasText: '€' }).first().waitFor();
  const tiles = await page.locator('.sum').count();
  assert.equal(tiles, 2, 'one sum for each currency');
  await context.close();
});
