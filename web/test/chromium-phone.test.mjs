// Chromium: an own page that is developed against the demo. The code that its <bank-pay> asks for comes to
// the simulated phone, which the demo names; and the demo says what an own page needs.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { launchChromium } from './lib/browsers.mjs';
import { DEMO, startDemo } from './lib/demo.mjs';
import { smallTargets } from './lib/facts.mjs';
import { servePages } from './lib/pages.mjs';
import { PAYEE } from './lib/pay.mjs';
import { atForm, BY_CODE, connected, part, payFor } from './lib/pay-element.mjs';
import { complaints } from './lib/watch.mjs';

const LUNCH = { to: PAYEE, amount: '1 500,50', message: 'Oběd' };
const NEWEST = '#messages > li:first-child';

let pages;
let world;
let browser;
let storageState;
before(async () => {
  pages = await servePages('pay-element.html');
  world = await startDemo('--page', pages.folder);
  browser = await launchChromium();
  storageState = await connected(browser, world);
});
after(async () => {
  await browser?.close();
  await world?.stop();
  pages?.remove();
});

test('the code of a payment comes to the phone by itself, and pays', async () => {
  await world.turn({ sign_scenarios: BY_CODE });
  await atForm(browser, world, { storageState }, async ({ page, context, seen }) => {
    const phone = await context.newPage();
    await phone.goto(world.phone);
    await phone.locator(NEWEST).getByText('Bank login').waitFor();
    const [before, asked] = [await phone.locator('#messages > li').count(), requested(phone)];
    const old = await phone.locator(NEWEST).elementHandle();
    await payFor(page, LUNCH);
    await page.locator('bank-pay #code').waitFor();

    await phone.locator(NEWEST).getByText('Payment CZK 1,500.50').waitFor();
    assert.equal(await phone.locator('#messages > li').count(), before + 1);
    assert.ok(
      await old.evaluate((node) => node.isConnected),
      'what was there is not read out again',
    );
    assert.equal(asked.documents, 0, 'the page is not loaded anew');
    assert.equal(await phone.getByRole('log').locator(NEWEST).count(), 1, 'a live region has it');
    await page.locator('bank-pay #code').fill(await phone.locator(`${NEWEST} .code`).textContent());
    await page.keyboard.press('Enter');
    await part(page, 'next').waitFor();
    assert.deepEqual(complaints(seen), []);
  });
});

/** How often a page is loaded from now on. */
function requested(page) {
  const seen = { documents: 0 };
  page.on('request', (request) => {
    if (request.isNavigationRequest()) seen.documents += 1;
  });
  return seen;
}

for (const [locale, colorScheme, width, words] of [
  ['cs-CZ', 'light', 390, 'Nejnovější zpráva je nahoře'],
  ['en-GB', 'dark', 1280, 'The newest message is on top'],
  ['en-GB', 'light', 320, 'The newest message is on top'],
]) {
  test(`the phone can be read by anybody: ${locale}, ${colorScheme}, ${width} px`, async () => {
    const viewport = { width, height: 800 };
    const context = await browser.newContext({ locale, colorScheme, viewport });
    const page = await context.newPage();
    await page.goto(world.phone);
    await page.getByText(words).waitFor();
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(await smallTargets(page), []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${wide} px`);
    await page.locator('.language').click();
    await page.getByText(words).waitFor({ state: 'detached' });
    await context.close();
  });
}

test('the phone says so where the bank is gone, and works without a script', async () => {
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(world.phone);
  await page.route('**/phone*', (route) => route.abort());
  await page.getByRole('status').getByText('The bank does not answer.').waitFor();
  assert.deepEqual(await violations(page), []);
  await page.unroute('**/phone*');
  await page
    .getByRole('status')
    .getByText('The bank does not answer.')
    .waitFor({ state: 'detached' });
  await context.close();

  const plain = await browser.newContext({ locale: 'en-GB', javaScriptEnabled: false });
  const still = await plain.newPage();
  await still.goto(world.phone);
  await still.getByRole('link', { name: 'Load again' }).click();
  await still.locator(NEWEST).waitFor();
  await plain.close();
});

/** Runs the demo as a person does, until it has said the word or ends; what it says, and how to stop it. */
async function run(word, ...options) {
  const demo = spawn(DEMO, ['--port', '0', '--bank-port', '0', ...options]);
  const heard = [];
  const closed = new Promise((done) => demo.once('close', done));
  demo.stderr.on('data', (text) => heard.push(String(text)));
  for await (const line of createInterface({ input: demo.stdout })) {
    heard.push(line);
    if (line.includes(word)) break;
  }
  const stop = () => {
    demo.kill('SIGKILL');
    return closed;
  };
  return { heard, stop };
}

/** All that it said by then. */
async function said(...given) {
  const { heard, stop } = await run(...given);
  await stop();
  return heard.join('\n');
}

test('who runs the demo with an own page can sign by a code', async () => {
  const { heard, stop } = await run('Stop', '--page', pages.folder);
  try {
    const told = /Open +(\S+).*bank as (\S+) \/ (\S+).*Phone +(\S+)/s.exec(heard.join('\n'));
    const [, app, username, password, phone] = told ?? assert.fail(heard.join('\n'));
    const own = { app, user: { username, password } };
    const state = await connected(browser, own);
    await atForm(browser, own, { storageState: state }, async ({ page, context }) => {
      await payFor(page, LUNCH);
      await page.locator('bank-pay #code').waitFor();
      const other = await context.newPage();
      await other.goto(phone);
      const code = await other.locator(`${NEWEST} .code`).textContent();
      await page.locator('bank-pay #code').fill(code);
      await page.keyboard.press('Enter');
      await part(page, 'next').waitFor();
    });
  } finally {
    await stop();
  }
});

test('the demo names the phone, and says what an own page needs', async () => {
  const start = await said('Stop', '--page', pages.folder);
  assert.match(start, /Phone {2}http:\/\/127\.0\.0\.1:\d+\/phone/);
  const help = await said('THE-BANK; ', '--help');
  assert.match(help.replace(/\s+/g, ' '), /callback\.html belongs there too/);
  const policy = await (await fetch(world.app)).headers.get('content-security-policy');
  const [known] = policy.split('form-action');
  assert.ok(help.replace(/\s+/g, ' ').includes(known), `${known} is not in ${help}`);
  rmSync(join(pages.folder, 'callback.html'));
  assert.match(await said('Stop', '--page', pages.folder), /note: .* has no callback\.html/);
  rmSync(join(pages.folder, 'index.html'));
  assert.match(await said('Stop', '--page', pages.folder), /error: .* has no index\.html/);
});
