// Chromium: dates and amounts have the form of the person's region, in the elements and on the demo page,
// though both only say which language they speak.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { connect } from './lib/person.mjs';
import { watched } from './lib/watch.mjs';

const TERMS = '.connect-card bank-connect [part=bank]';
const AMERICAN = /[A-Z][a-z]+ \d{1,2}, \d{4}/;
const BRITISH = /\d{1,2} [A-Z][a-z]+ \d{4}/;
const CZECH = /\d{1,2}\. [a-zíěřůč]+ \d{4}/u;

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

/** What the browser asks for, the language of the page, and how a day must look in it. */
const CASES = [
  ['en-US', 'en', AMERICAN],
  ['en-GB', 'en', BRITISH],
  ['en', 'en', BRITISH],
  ['cs-CZ', 'en', BRITISH],
  ['cs-CZ', 'cs', CZECH],
  ['en-US', 'cs', CZECH],
];

for (const [locale, language, form] of CASES) {
  test(`a browser of ${locale} and a page in ${language}`, async () => {
    const { context } = await watched(browser, world, { locale });
    const page = await context.newPage();
    await page.goto(world.app);
    await page.locator(`[data-locale=${language}]`).click();
    await page
      .locator(TERMS)
      .getByText(language === 'cs' ? 'nejdéle do' : 'at the latest')
      .waitFor();
    assert.match(await page.locator(TERMS).textContent(), form);
    await context.close();
  });
}

test('the demo page writes days as the elements in it do', async () => {
  const { context } = await watched(browser, world, { locale: 'en-US' });
  const page = await context.newPage();
  await connect(page, world);
  await page.goto(`${world.app}/#/permissions`);
  await page.locator('.permission').first().waitFor();
  const said = await page.locator('.permission').first().textContent();
  assert.match(said, AMERICAN);
  assert.doesNotMatch(said, BRITISH);
  await page.goto(`${world.app}/#/payments`);
  await page.locator('.payment').first().waitFor();
  await page.locator('.payment').first().click();
  assert.match(await page.locator('dialog').textContent(), AMERICAN);
  await context.close();
});
