// Chromium: accessibility of every state, light and dark, Czech and English; small screens; focus.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import {
  agree,
  chooseAccounts,
  connect,
  connectInPopup,
  connectionId,
  logIn,
  openAccount,
  openApp,
  pressConnect,
} from './lib/person.mjs';
import { watched } from './lib/watch.mjs';

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

for (const locale of ['en-GB', 'cs-CZ']) {
  for (const colorScheme of ['light', 'dark']) {
    test(`B25 axe finds nothing in any state: ${locale}, ${colorScheme}`, async () => {
      const { context } = await watched(browser, world, { locale, colorScheme });
      const page = await context.newPage();
      const check = async (state) => {
        for (const size of SIZES) {
          await page.setViewportSize(size);
          assert.deepEqual(await violations(page), [], `${state} at ${size.width}`);
          const wider = await page.evaluate(
            () => document.documentElement.scrollWidth - window.innerWidth,
          );
          assert.ok(wider <= 0, `${state} is ${wider}px wider than ${size.width}`);
        }
      };
      await walkThroughStates(page, check);
      assert.equal(await page.locator('html').getAttribute('lang'), locale.slice(0, 2));
      await context.close();
    });
  }
}

async function walkThroughStates(page, check) {
  await openApp(page, world.app);
  await page.locator('.sandbox-card').waitFor();
  await check('start');
  const popup = await connectInPopup(page, world.app);
  await page.locator('bank-connect [part=cancel]').waitFor();
  await check('waiting for the popup');
  await popup.locator('#cancel').click();
  await page.locator('bank-connect:not(:state(busy))').waitFor();
  await check('cancelled in the popup');
  await pressConnect(page);
  await page.locator('#cancel').click();
  await page.locator('[data-code=cancelled]').waitFor();
  await check('cancelled');
  await openApp(page, world.app);
  await pressConnect(page);
  await logIn(page, world.user);
  await chooseAccounts(page);
  await agree(page);
  await page.locator('a.account .amount').nth(2).waitFor();
  await check('connected');
  const id = connectionId(page);
  await openAccount(page);
  await page.locator('.chart-table summary').click();
  await check('account');
  await page.goto(`${world.app}/#/`);
  await page.locator('article.connection').waitFor();
  await check('overview');
  await page.goto(`${world.app}/#/c/${id}`);
  await page.locator('a.account .amount').nth(2).waitFor();
  await page.route(/\/api\/my\/accounts$/, (route) => route.abort(), { times: 1 });
  await page.reload();
  await page.locator('[data-code=network]').waitFor();
  await check('failure');
  await page.route('**/bank/connections/*', (route) => answerEnded(route, id), { times: 1 });
  await page.reload();
  await page.locator('.ended bank-connect').waitFor();
  await check('reconnect');
  await page.reload();
  await page.locator('[data-act=disconnect]').click();
  await check('question');
  await page.locator('dialog[open] [data-act=yes]').click();
  await page.locator('[data-at-bank]').waitFor();
  await check('receipt');
}

function answerEnded(route, id) {
  const connection = {
    id,
    provider: 'cnb',
    provider_name: 'Česká zkušební banka',
    environment: 'production',
    scopes: ['aisp'],
    status: 'reconnect',
    reason: 'consent_expired',
    connected_at: '2026-01-01T08:00:00Z',
    reconnect_by: '2026-06-30T08:00:00Z',
    last_used_at: null,
  };
  return route.fulfill({ json: connection });
}

test('the language switch speaks at once, is remembered, and keeps the focus', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await openApp(page, world.app);
  await page.locator('[data-locale=cs]').click();
  assert.equal(await page.locator('html').getAttribute('lang'), 'cs');
  await page.locator('[data-locale=cs]:focus').waitFor();
  await page.locator('.connect-card bank-connect').waitFor();
  assert.match(
    await page.locator('.connect-card bank-connect [part=label]').textContent(),
    /Připojit/,
  );
  await page.reload();
  assert.equal(await page.locator('html').getAttribute('lang'), 'cs');
  await context.close();
});

test('going to another view puts the focus on its heading and names the page', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await connect(page, world);
  await page.locator('a.account').first().click();
  await page.locator('h1:focus').waitFor();
  assert.match(await page.title(), /Běžný účet · bankconnect/);
  await page.goBack();
  await page.locator('h1:focus').waitFor();
  assert.match(await page.title(), /banka · bankconnect/);
  await context.close();
});

test('loading keeps the place of what comes: skeletons, no jump of the heading', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  let goOn;
  const held = new Promise((free) => {
    goOn = free;
  });
  await page.route('**/bank/providers', async (route) => {
    await held;
    return route.continue();
  });
  await page.goto(world.app);
  await page.locator('.skeleton').first().waitFor();
  const at = await page.locator('h1').boundingBox();
  goOn();
  await page.locator('.connect-card bank-connect').waitFor();
  assert.deepEqual(await page.locator('h1').boundingBox(), at);
  await context.close();
});

test('reduced motion is honoured', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await page.route('**/bank/providers', () => {}); // never answered
  await page.goto(world.app);
  const bar = page.locator('.skeleton .bar').first();
  await bar.waitFor();
  assert.equal(await bar.evaluate((element) => getComputedStyle(element).animationName), 'none');
  await context.close();
});
