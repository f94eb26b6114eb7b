// Firefox ESR over WebDriver BiDi: the same walk, with the production cookie.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchFirefox } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { driver } from './lib/firefox.mjs';
import { cancelled, walk, walkInPopup } from './lib/walk.mjs';

let world;
let browser;
before(async () => {
  world = await startDemo('--cookie', 'production');
  browser = await launchFirefox();
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

test('Firefox: connect, accounts, payments, chart, disconnect (B01 B07)', async () => {
  const page = await browser.newPage();
  const complaints = watch(page);
  await walk(driver(page), world);
  assert.deepEqual(complaints, []);
  const cookies = await page.cookies(world.app);
  assert.match(cookies[0]?.name ?? '', /^__Host-Http-/);
  await page.close();
});

test('Firefox: connect in a popup, which closes itself (B12)', async () => {
  const page = await browser.newPage();
  await walkInPopup(driver(page), world);
  await page.close();
});

test('Firefox: cancel at the bank is told calmly', async () => {
  const page = await browser.newPage();
  await cancelled(driver(page), world);
  await page.close();
});

/** Errors on the console, page errors and requests to anyone else. */
function watch(page) {
  const found = [];
  page.on('console', (message) => {
    if (message.type() === 'error') found.push(message.text());
  });
  page.on('pageerror', (error) => found.push(String(error)));
  page.on('request', (request) => {
    const url = request.url();
    const known = [world.app, world.bank].some((origin) => url.startsWith(`${origin}/`));
    if (!known && !/^(data|about|blob):/.test(url)) found.push(url);
  });
  return found;
}
