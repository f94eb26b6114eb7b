// Firefox ESR: payments by <bank-pay>: by the bank's page, by a code, one that was left, and in a popup.

import { after, before, test } from 'node:test';
import { launchFirefox } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { driver } from './lib/firefox.mjs';
import { servePages } from './lib/pages.mjs';
import { payByCode, payByPage, payElementInPopup, payLater } from './lib/pay-element-acts.mjs';

let pages;
let world;
let browser;
before(async () => {
  pages = await servePages('pay-element.html');
  [world, browser] = await Promise.all([startDemo('--page', pages.folder), launchFirefox()]);
});
after(async () => {
  await browser?.close();
  await world?.stop();
  pages?.remove();
});

/** A test in a context of its own. */
function inFirefox(name, act) {
  test(`Firefox: ${name}`, async () => {
    const context = await browser.createBrowserContext();
    await act(driver(await context.newPage()), world);
    await context.close();
  });
}

inFirefox('form, review, signature on the page of the bank, receipt', payByPage);
inFirefox('a payment signed by a code, of which the first is wrong', payByCode);
inFirefox('a payment whose tab was closed is found again and signed', payLater);
inFirefox('a payment signed in a popup', payElementInPopup);
