// Chromium: accessibility of every state, light and dark, Czech and English; small screens; focus.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import {
  agree,
  allRead,
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

/** Each language in both sizes, each size in both colours: contrast does not depend on the words. */
const LOOKS = {
  'en-GB': [
    { width: 1280, height: 900, colorScheme: 'light' },
    { width: 320, height: 640, colorScheme: 'dark' },
  ],
  'cs-CZ': [
    { width: 1280, height: 900, colorScheme: 'dark' },
    { width: 320, height: 640, colorScheme: 'light' },
  ],
};

for (const [locale, looks] of Object.entries(LOOKS)) {
  test(`B25 axe finds nothing in any state: ${locale}`, async () => {
    const { context } = await watched(browser, world, { locale, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const check = async (state) => {
      for (const { colorScheme, ...size } of looks) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(size);
        assert.deepEqual(await violations(page), [], `${state} at ${size.width}, ${colorScheme}`);
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
  await page.locator('.more-filters summary').click();
  await page.locator('input[name=min]').fill('much');
  await allRead(page);
  await check('filters, one of them unreadable');
  await page.locator('.payment').first().click();
  await page.locator('dialog[open]').waitFor();
  await check('a payment in full');
  await page.keyboard.press('Escape');
  await page.goto(`${world.app}/#/payments?text=nowhere`);
  await page.locator('.empty button').waitFor();
  await check('nothing found');
  await page.goto(`${world.app}/#/overview`);
  await page.locator('figure.months').waitFor();
  for (const table of await page.locator('.chart-table summary').all()) await table.click();
  await check('everything together');
  await page.clock.setFixedTime(Date.now() + 170 * 86_400_000);
  await page.goto(`${world.app}/#/permissions`);
  await page.locator('.permission .notice bank-connect').waitFor();
  await check('a permission that ends soon');
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
  await page.goto(`${world.app}/#/permissions`);
  await page.locator('.history li').waitFor();
  await check('what has ended');
  await page.goto(`${world.app}/#/overview`);
  await page.locator('.empty-card').waitFor();
  await check('nothing to see yet');
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
  await page.locator('h1:focus').getByText('Běžný účet').waitFor();
  assert.match(await page.title(), /Běžný účet · bankconnect/);
  await page.goBack();
  await page.locator('h1:focus').getByText('Česká zkušební banka').waitFor();
  assert.match(await page.title(), /banka · bankconnect/);
  await context.close();
});

for (const state of ['nothing connected', 'a bank connected']) {
  for (const size of SIZES) {
    test(`loading keeps the place of what comes: ${state}, ${size.width} wide`, async () => {
      const { context } = await watched(browser, world);
      const page = await context.newPage();
      await page.setViewportSize(size);
      if (state === 'a bank connected') await connect(page, world);
      const { goOn } = await hold(page, '**/bank/providers');
      await page.goto(`${world.app}/`);
      await page.locator('.skeleton-card').first().waitFor();
      const before = await boxes(page, '.button-room');
      assert.equal(before[1] !== null, state === 'a bank connected');
      await goOn();
      await page.locator('.connect-card bank-connect').waitFor();
      assert.deepEqual(await boxes(page, '.connect-card bank-connect'), before);
      await context.close();
    });
  }
}

/** Where the heading, the cards and the button's place are; null where there is none. */
function boxes(page, button) {
  const places = ['h1', 'article.connection', '.connect-card', '.promises', button];
  return page.evaluate(
    (selectors) =>
      selectors.map((selector) => {
        const box = document.querySelector(selector)?.getBoundingClientRect();
        return box ? [box.x, box.y, box.width, box.height].map(Math.round).join() : null;
      }),
    places,
  );
}

/** Holds what matches until `goOn`. */
async function hold(page, url) {
  let goOn;
  const free = new Promise((now) => {
    goOn = now;
  });
  let arrived;
  const held = new Promise((now) => {
    arrived = now;
  });
  await page.route(url, async (route) => {
    arrived();
    await free;
    return route.continue();
  });
  return { held, goOn };
}

test('the chart keeps its place while it loads', async () => {
  for (const size of SIZES) {
    const { context } = await watched(browser, world);
    const page = await context.newPage();
    await page.setViewportSize(size);
    await connect(page, world);
    const { held, goOn } = await hold(page, '**/transactions?*');
    await page.locator('a.account').first().click();
    await held;
    await page.locator('.chart-slot .skeleton').waitFor();
    const height = () => page.locator('.chart-card').evaluate((card) => card.offsetHeight);
    const before = await height();
    await goOn();
    await page.locator('figure.chart').waitFor();
    assert.equal(await height(), before, `at ${size.width}`);
    await context.close();
  }
});

test('reduced motion is honoured', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await page.route('**/bank/providers', () => {}); // never answered
  await page.goto(world.app);
  const bar = page.locator('.bar').first();
  await bar.waitFor();
  assert.equal(await bar.evaluate((element) => getComputedStyle(element).animationName), 'none');
  await context.close();
});

test('the callback page: axe finds nothing while it works, and it says everything once', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await openApp(page, world.app);
  const { held, goOn } = await hold(page, '**/bank/authorizations/callback');
  await pressConnect(page);
  await logIn(page, world.user);
  await chooseAccounts(page);
  await agree(page);
  await held;
  await page.locator('.busy').waitFor();
  assert.deepEqual(await violations(page), []);
  assert.equal(await page.locator('#live').textContent(), 'Finishing the connection…');
  await goOn();
  await page.locator('a.account').first().waitFor();
  await page.goto(`${world.app}/callback?error=access_denied&state=bc1.${'A'.repeat(43)}`);
  await page.locator('[role=alert][data-code=state_mismatch]').waitFor();
  assert.deepEqual(await violations(page), []);
  assert.equal(await page.locator('#live').textContent(), '', 'the alert speaks for itself');
  await context.close();
});
