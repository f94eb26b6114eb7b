// Firefox ESR: a bank is chosen by keyboard, payments by redirect and in a popup, with opener
// policies and with a popup that is blocked.

import { after, before, test } from 'node:test';
import { chooseBank, connectToPay, payByRedirect, payInPopup } from './lib/acts.mjs';
import { launchFirefox } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { driver } from './lib/firefox.mjs';
import { servePages } from './lib/pages.mjs';

let pages;
let banks;
let world;
let strict;
let browser;
before(async () => {
  const [plain, paying] = await Promise.all([servePages(), servePages('pay.html')]);
  pages = [plain, paying];
  [banks, world, strict] = await Promise.all([
    startDemo('--banks', '40', '--page', plain.folder),
    startDemo('--page', paying.folder),
    startDemo('--page', paying.folder, '--coop'),
  ]);
  browser = await launchFirefox();
});
after(async () => {
  await browser?.close();
  await Promise.all([banks, world, strict].map((at) => at?.stop()));
  for (const one of pages ?? []) one.remove();
});

async function onPage(work) {
  const context = await browser.createBrowserContext();
  await work(driver(await context.newPage()));
  await context.close();
}

test('Firefox: a bank is chosen by typing, arrows and Enter', () =>
  onPage((page) => chooseBank(page, banks)));

test('Firefox: payments by redirect and in a popup', () =>
  onPage(async (page) => {
    const order = await connectToPay(page, world);
    await payByRedirect(page, world, order);
    await payInPopup(page, world, order, 2);
  }));

test('Firefox: a payment in a popup under Cross-Origin-Opener-Policy: same-origin', () =>
  onPage(async (page) => payInPopup(page, strict, await connectToPay(page, strict))));

test('Firefox: a blocked popup becomes a redirect', () =>
  onPage(async (page) => {
    const order = await connectToPay(page, world);
    await page.evaluate('void (window.open = () => null)'); // what a popup blocker answers
    await payByRedirect(page, world, order, { mode: 'popup' });
  }));
