// Chromium: connecting in a popup, and everything that can happen to a popup.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/browsers.mjs';
import { scanPage, scanTraffic } from './lib/canary.mjs';
import { startDemo } from './lib/demo.mjs';
import {
  agree,
  chooseAccounts,
  connectInPopup,
  consent,
  logIn,
  openApp,
  pressConnect,
} from './lib/person.mjs';
import { brokerCalls, complaints, watched } from './lib/watch.mjs';

let world;
let strict;
let browser;
before(async () => {
  [world, strict] = await Promise.all([startDemo(), startDemo('--coop')]);
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await Promise.all([world?.stop(), strict?.stop()]);
});

async function walkInPopup(at) {
  const { context, seen, settled } = await watched(browser, at);
  const page = await context.newPage();
  const popup = await connectInPopup(page, at.app);
  const closed = popup.waitForEvent('close');
  await consent(popup, at.user);
  await page.locator('a.account').first().waitFor();
  await closed;
  assert.equal(await page.locator('a.account').count(), 3);
  assert.equal(brokerCalls(seen, at.app, '/authorizations/callback').length, 1);
  assert.deepEqual(complaints(seen), []);
  const tokens = await at.tokens();
  assert.ok(tokens.length >= 2, 'there are live tokens to look for');
  assert.deepEqual((await scanPage(page, tokens)).hits, [], 'B01');
  await settled();
  assert.ok(seen.bodies.some(({ url }) => url === `${at.app}/bank/authorizations/callback`));
  assert.deepEqual(scanTraffic(seen, tokens), [], 'B01');
  await context.close();
}

test('walk by popup: the popup closes itself and the page goes on', () => walkInPopup(world));

test('B12 the popup works under Cross-Origin-Opener-Policy: same-origin', async () => {
  const answer = await fetch(strict.app);
  assert.equal(answer.headers.get('cross-origin-opener-policy'), 'same-origin');
  await walkInPopup(strict);
});

test('B11 what the bank or anyone else says by message is not heard', async () => {
  const { context, seen } = await watched(browser, world);
  const page = await context.newPage();
  const popup = await connectInPopup(page, world.app);
  await countEndings(page);
  const heard = await page.evaluateHandle(() => {
    const messages = [];
    window.addEventListener('message', (event) => messages.push(event.origin));
    return messages;
  });
  const started = brokerCalls(seen, world.app, '/authorizations')[0].body;
  const { state } = JSON.parse(started);
  const forged = { query: `code=evil&state=${state}`, redirectUri: `${world.app}/callback` };
  // the bank knows the state; it may post what it likes, and its channel of that name is its own
  await popup.evaluate(
    ([landing, own]) => {
      new BroadcastChannel(`bankconnect:${own}`).postMessage(landing);
      window.opener.postMessage(landing, '*');
    },
    [forged, state],
  );
  // a page of this origin that has the name of the channel, but not a landing of this attempt
  await page.evaluate(
    ([landing, own]) => {
      window.postMessage(landing, '*');
      const foreign = { ...landing, query: `code=evil&state=bc1.${'A'.repeat(43)}` };
      const channel = new BroadcastChannel(`bankconnect:${own}`);
      return new Promise((answered) => {
        channel.onmessage = answered; // only so much as "I am here"
        channel.postMessage(foreign);
      });
    },
    [forged, state],
  );
  await page.waitForFunction((messages) => messages.length === 2, heard);
  assert.deepEqual(await page.evaluate(() => window.endings), []);
  assert.equal(brokerCalls(seen, world.app, '/authorizations/callback').length, 0);
  await consent(popup, world.user);
  await page.locator('a.account').first().waitFor();
  await context.close();
});

for (const [step, walk] of [
  ['at the login', async () => {}],
  ['after the login', (popup) => logIn(popup, world.user)],
  [
    'at the consent',
    async (popup) => {
      await logIn(popup, world.user);
      await chooseAccounts(popup);
    },
  ],
]) {
  test(`B13 a popup closed ${step} ends the attempt once, and the button works again`, async () => {
    const { context, seen } = await watched(browser, world);
    const page = await context.newPage();
    const popup = await connectInPopup(page, world.app);
    await countEndings(page);
    await walk(popup);
    await hasLooked(page);
    await popup.close();
    await page.bringToFront();
    await page.locator('bank-connect:not(:state(busy))').waitFor();
    assert.deepEqual(await page.evaluate(() => window.endings), ['bankconnect:cancelled closed']);
    assert.equal(brokerCalls(seen, world.app, '/authorizations/callback').length, 0);
    const again = await openPopup(page);
    await consent(again, world.user);
    await page.locator('a.account').first().waitFor();
    await context.close();
  });
}

test('B12 B13 under COOP the cancel control ends the wait', async () => {
  const { context } = await watched(browser, strict);
  const page = await context.newPage();
  await connectInPopup(page, strict.app);
  await countEndings(page);
  await page.bringToFront();
  await page.locator('bank-connect [part=cancel]').click();
  await page.locator('bank-connect:not(:state(busy))').waitFor();
  assert.deepEqual(await page.evaluate(() => window.endings), ['bankconnect:cancelled closed']);
  await context.close();
});

test('B14 a blocked popup falls back to redirect', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await context.addInitScript(() => {
    window.open = () => null; // what a popup blocker answers
  });
  await openApp(page, world.app);
  await pressConnect(page, 'popup');
  await page.locator('#username').waitFor();
  assert.equal(context.pages().length, 1);
  await consent(page, world.user);
  await page.locator('a.account').first().waitFor();
  await context.close();
});

test('keyboard only: connect in a popup, choose, consent, read, disconnect', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await openApp(page, world.app);
  await page.locator('.connect-card input[value=redirect]').focus();
  await page.keyboard.press('ArrowRight'); // chooses the popup
  await page.keyboard.press('Tab');
  const opened = context.waitForEvent('page');
  await page.keyboard.press('Enter');
  const popup = await opened;
  await popup.locator('#username:focus').waitFor();
  await popup.keyboard.type(world.user.username);
  await popup.keyboard.press('Tab');
  await popup.keyboard.type(world.user.password);
  await popup.keyboard.press('Enter');
  await popup.locator('#sms_code:focus').waitFor();
  await popup.keyboard.type((await popup.locator('#phone-code').textContent()).trim());
  await popup.keyboard.press('Enter');
  await popup.locator('#account-0:focus').waitFor();
  if (!(await popup.locator('#account-0').isChecked())) await popup.keyboard.press('Space');
  await popup.keyboard.press('Enter');
  await popup.locator('#consent').waitFor();
  await tabTo(popup, '#consent');
  await popup.keyboard.press('Space');
  await popup.keyboard.press('Enter');
  await page.locator('a.account').first().waitFor();
  await page.bringToFront();
  await page.locator('h1:focus').waitFor();
  await tabTo(page, 'a.account');
  await page.keyboard.press('Enter');
  await page.locator('.payment').first().waitFor();
  await tabTo(page, '.payment');
  await page.keyboard.press('ArrowDown');
  await page.locator('.payment[aria-rowindex="3"]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('dialog[open] button:focus').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.payment[aria-rowindex="3"]:focus').waitFor();
  await tabTo(page, '.backlink a', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.locator('[data-act=disconnect]').waitFor();
  await tabTo(page, '[data-act=disconnect]');
  await page.keyboard.press('Enter');
  await page.locator('dialog[open]').waitFor();
  await tabTo(page, '[data-act=yes]');
  await page.keyboard.press('Enter');
  await page.locator('[data-at-bank]').waitFor();
  await context.close();
});

test('cancel at the bank in a popup is calm, and not an error', async () => {
  const { context, seen } = await watched(browser, world);
  const page = await context.newPage();
  const popup = await connectInPopup(page, world.app);
  await countEndings(page);
  await popup.locator('#cancel').click();
  await page.locator('bank-connect:not(:state(busy))').waitFor();
  assert.deepEqual(await page.evaluate(() => window.endings), ['bankconnect:cancelled cancelled']);
  assert.equal(await page.locator('.connect-card .notice').count(), 0);
  assert.match(
    await page.locator('bank-connect [part=status]').textContent(),
    /Nothing was connected/,
  );
  assert.deepEqual(complaints(seen, ['status of 403']), []);
  await context.close();
});

test('a popup closed after the consent has arrived does no harm', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  let goOn;
  const finishing = new Promise((arrived) => {
    goOn = arrived;
  });
  await page.route('**/bank/authorizations/callback', goOn);
  const popup = await connectInPopup(page, world.app);
  await logIn(popup, world.user);
  await chooseAccounts(popup);
  await agree(popup);
  const call = await finishing; // the broker has not been asked yet
  if (!popup.isClosed()) await popup.close();
  await call.continue();
  await page.locator('a.account').first().waitFor();
  assert.equal(await page.locator('.toast').count(), 1);
  await context.close();
});

/**
 * A popup counts as seen at the bank only after a while, because a bank's opener policy makes any
 * popup look closed. This lasts until the page behind it has looked for as long as a person takes
 * to find the closing cross.
 */
function hasLooked(page) {
  return page.evaluate(() => {
    const since = performance.now();
    return new Promise((done) => {
      const timer = setInterval(() => {
        if (performance.now() - since < 1_500) return;
        clearInterval(timer);
        done();
      }, 200);
    });
  });
}

/** Counts how often and how the attempts of the page end. */
function countEndings(page) {
  return page.evaluate(() => {
    window.endings = [];
    for (const name of ['connected', 'failed', 'cancelled']) {
      document.addEventListener(`bankconnect:${name}`, ({ type, detail }) =>
        window.endings.push(`${type} ${detail.code ?? ''}`.trim()),
      );
    }
  });
}

async function openPopup(page) {
  const opened = page.context().waitForEvent('page');
  await page.locator('.connect-card bank-connect [part=button]').click();
  const popup = await opened;
  await popup.locator('#username').waitFor();
  return popup;
}

/** Presses Tab until the focus is there; fails when it never comes there. */
async function tabTo(page, selector, key = 'Tab') {
  for (let presses = 0; presses < 60; presses += 1) {
    const there = await page.evaluate(
      (wanted) => document.activeElement?.matches(wanted) ?? false,
      selector,
    );
    if (there) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${selector} cannot be reached with Tab`);
}
