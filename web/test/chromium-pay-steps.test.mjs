// Chromium: every step of <bank-pay> by axe in light, dark and forced colours, in Czech, English and from
// right to left, as narrow as a phone, and without a jump of the page.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { sideways, smallTargets } from './lib/facts.mjs';
import { servePages } from './lib/pages.mjs';
import { PAYEE } from './lib/pay.mjs';
import {
  BY_CODE,
  connectElement,
  connected,
  fillIn,
  inState,
  openElement,
  part,
  step,
} from './lib/pay-element.mjs';

let pages;
let world;
let browser;
let storageState;
before(async () => {
  pages = await servePages('pay-element.html');
  world = await startDemo('--page', pages.folder, '--banks', '3');
  await world.turn({ sign_scenarios: BY_CODE });
  browser = await launchChromium();
  storageState = await connected(browser, world);
});
after(async () => {
  await browser?.close();
  await world?.stop();
  pages?.remove();
});

/** Axe in light, dark and forced colours; nothing too small, nothing too wide. */
async function isFit(page, at) {
  for (const media of [
    { colorScheme: 'light', forcedColors: 'none' },
    { colorScheme: 'dark', forcedColors: 'none' },
    { colorScheme: 'light', forcedColors: 'active' },
  ]) {
    await page.emulateMedia(media);
    assert.deepEqual(await violations(page), [], `${at} ${JSON.stringify(media)}`);
  }
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
  assert.deepEqual(await sideways(page), [], at);
  const small = (await smallTargets(page)).filter((line) => !line.includes('Connect to'));
  assert.deepEqual(small, [], at);
}

/** The whole walk, with a look at every step. */
async function walk(page, fragment) {
  await page.evaluate(() =>
    window.app.element.constructor.addLanguage('ar', { title: 'دفعة جديدة', pay: 'ادفع' }),
  );
  await isFit(page, 'form');
  await part(page, 'more-title').click();
  await part(page, 'check').click();
  await isFit(page, 'faults');
  if (fragment.includes('rtl')) await step(page, 'دفعة جديدة');
  await fillIn(page, { to: PAYEE, amount: '150.50', message: 'Oběd' });
  await part(page, 'check').click();
  if (fragment.includes('cs')) await step(page, 'Je to správně?');
  await isFit(page, 'review');
  await part(page, 'pay').click();
  const code = page.locator('bank-pay #code');
  await code.waitFor();
  await isFit(page, 'code');
  await part(page, 'give-up').click();
  await part(page, 'next').waitFor();
  await isFit(page, 'unsigned');
  await page.reload();
  await part(page, 'payment').first().waitFor();
  await isFit(page, 'unfinished');
  await part(page, 'sign').click();
  await code.waitFor();
  await code.fill(await world.sms());
  await page.keyboard.press('Enter');
  await part(page, 'next').waitFor();
  await isFit(page, 'result');
}

for (const [fragment, width] of [
  ['lang=en', 320],
  ['lang=cs', 900],
  ['lang=ar&dir=rtl', 600],
]) {
  const given = () => ({ storageState, fragment, viewport: { width, height: 800 } });
  test(`every step is accessible: ${fragment}, ${width} px wide`, () =>
    inState(browser, world, given(), (page) => walk(page, fragment)));
}

test('of several banks the person chooses one, and sees its accounts', async () => {
  const context = await browser.newContext({ locale: 'en-GB', storageState });
  const page = await context.newPage();
  await openElement(page, world);
  const first = await page.evaluate(() => window.app.client.providers());
  const other = first.find(({ id, scopes }) => id !== 'cnb' && scopes.includes('pisp'));
  await openElement(page, world, `provider=${other.id}`);
  await connectElement(page, world, ['connect']);
  await page.getByLabel('IBAN of your account').waitFor();
  const bank = page.getByLabel('Bank', { exact: true });
  assert.equal(await bank.locator('option').count(), 2);
  await bank.selectOption({ label: 'Česká zkušební banka' });
  await page.locator('bank-pay select#from:enabled').waitFor();
  assert.ok((await page.locator('bank-pay #from option').count()) > 1);
  await bank.selectOption({ label: other.name });
  await page.getByLabel('IBAN of your account').waitFor();
  await context.close();
});
