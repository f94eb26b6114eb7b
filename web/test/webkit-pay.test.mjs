// WebKitGTK: a bank is chosen by keyboard, payments by redirect and in a popup, with opener policies
// and with a popup that is blocked. Needs a display; run.mjs starts it under xvfb-run.

import { after, before, test } from 'node:test';
import { chooseBank, connectToPay, payByRedirect, payInPopup } from './lib/acts.mjs';
import { launchWebKit } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { servePages } from './lib/pages.mjs';
import { adapter } from './lib/webkit.mjs';

const COOKIE = ['--cookie', 'development'];

let pages;
let banks;
let world;
let strict;
let webkit;
before(async () => {
  const [plain, paying] = await Promise.all([servePages(), servePages('pay.html')]);
  pages = [plain, paying];
  [banks, world, strict] = await Promise.all([
    startDemo(...COOKIE, '--banks', '40', '--page', plain.folder),
    startDemo(...COOKIE, '--page', paying.folder),
    startDemo(...COOKIE, '--page', paying.folder, '--coop'),
  ]);
  webkit = await launchWebKit();
});
after(async () => {
  await webkit?.close();
  await Promise.all([banks, world, strict].map((at) => at?.stop()));
  for (const one of pages ?? []) one.remove();
});

test('WebKit: a bank is chosen by typing, arrows and Enter', () =>
  chooseBank(adapter(webkit.driver), banks));

test('WebKit: payments by redirect and in a popup', async () => {
  const page = adapter(webkit.driver);
  const order = await connectToPay(page, world);
  await payByRedirect(page, world, order);
  await payInPopup(page, world, order, 2);
});

test('WebKit: a payment in a popup under Cross-Origin-Opener-Policy: same-origin', async () => {
  const page = adapter(webkit.driver);
  await payInPopup(page, strict, await connectToPay(page, strict));
});

test('WebKit: a blocked popup becomes a redirect', async () => {
  const page = adapter(webkit.driver);
  const order = await connectToPay(page, world);
  await page.evaluate('void (window.app.known = undefined)'); // asked for first, it is no click any more
  await payByRedirect(page, world, order, { mode: 'popup' }, 3);
});
