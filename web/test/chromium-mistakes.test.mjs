// Chromium: what a developer has got wrong is told with the value and with what there is: by the error, and
// by the elements on the console, besides their words for people.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { servePages } from './lib/pages.mjs';
import { connectElement, openElement, part } from './lib/pay-element.mjs';
import { watched } from './lib/watch.mjs';

const BUTTON = 'bank-connect [part=button]';
const ALERT = 'bank-connect [part=error]';

let pages;
let world;
let browser;
before(async () => {
  pages = await servePages('pay-element.html');
  world = await startDemo('--page', pages.folder);
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await world?.stop();
  pages?.remove();
});

/** A page, and what the package has written to its console. */
function onPage(name, work) {
  test(name, async () => {
    const { context, seen } = await watched(browser, world);
    const page = await context.newPage();
    const written = [];
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && /^(bankconnect:|<bank-)/.test(text)) written.push(text);
    });
    await work({ page, written, seen });
    await context.close();
  });
}

/** Opens the app with these attributes on its button. */
async function open(page, attributes = {}) {
  const fragment = new URLSearchParams(
    Object.entries(attributes).map(([name, value]) => [`set-${name}`, value]),
  );
  await page.goto(`${world.app}/#${fragment}`);
  await page.locator(BUTTON).waitFor();
}

/** Waits until the package has written something to the console. */
async function someLine(page, written) {
  if (written.length === 0)
    await page.waitForEvent('console', { predicate: () => written.length > 0 });
}

/** How a call of a client fails that a person's click has made. `given` are its arguments. */
async function failing(page, method, given, options = {}) {
  await page.locator('h1').click();
  return page.evaluate(
    async ([name, args, settings]) => {
      const { BankConnect, BankConnectError } = window.app;
      const client = new BankConnect(settings);
      const thrown = await client[name](...args).catch((error) => error);
      const { code, message } = thrown;
      return { typed: BankConnectError.is(thrown), code, message, state: client.state };
    },
    [method, given, options],
  );
}

onPage('a call that lacks a field names it, and the client is free', async ({ page }) => {
  await open(page);
  const missing = [
    ['connect', [], 'provider is missing'],
    ['connect', [null], 'provider is missing'],
    ['connect', [{}], 'provider is missing'],
    ['connect', [{ scopes: ['aisp'], mode: 'popup' }], 'provider is missing'],
    ['connectPrepared', [], 'provider is missing'],
    ['connectPrepared', [{ provider: 'cnb-sandbox' }], 'token is missing'],
  ];
  for (const [method, given, message] of missing) {
    const expected = { typed: true, code: 'config', message, state: 'idle' };
    assert.deepEqual(await failing(page, method, given), expected);
  }
  assert.equal(page.context().pages().length, 1);
});

onPage('what the broker does not offer is named with what it does', async ({ page, seen }) => {
  await open(page);
  const wrong = [
    [{ provider: 'cbn' }, 'provider "cbn" is not offered; the broker has "cnb", "cnb-sandbox"'],
    [
      { provider: 'cnb', scopes: ['aips', 'aisp', 'x'] },
      'scopes: "aips", "x" is not offered; "cnb" has "aisp", "pisp"',
    ],
    [{ provider: 'cnb', scopes: 'aisp' }, 'scopes must be a list, not "aisp"'],
    [
      { provider: 'cnb-sandbox' },
      'provider "cnb-sandbox" has no login; connectPrepared() takes its tokens: "token-aisp", "token-pisp", "token-no-scope"',
    ],
  ];
  for (const mode of ['redirect', 'popup']) {
    for (const [given, message] of wrong) {
      const expected = { typed: true, code: 'config', message, state: 'error' };
      assert.deepEqual(await failing(page, 'connect', [{ ...given, mode }]), expected);
    }
  }
  assert.equal(page.context().pages().length, 1, 'no window is left');
  assert.ok(!seen.requests.some(({ url }) => url.endsWith('/authorizations')));
});

onPage('appState that is no JSON stays what it is told to be', async ({ page }) => {
  await open(page);
  const { code, message } = await failing(page, 'connect', [{ provider: 'cnb', appState: 1n }]);
  assert.deepEqual([code, message], ['config', 'appState must be plain JSON']);
});

for (const [attributes, words] of [
  [{ provider: 'cbn' }, 'provider "cbn" is not offered; the broker has "cnb", "cnb-sandbox"'],
  [{ provider: 'cnb', scopes: 'aips' }, 'scopes: "aips" is not offered; "cnb" has "aisp", "pisp"'],
]) {
  const names = JSON.stringify(attributes);
  onPage(`<bank-connect> with ${names}: words for people, one line for developers`, async (it) => {
    const { page, written } = it;
    await open(page, attributes);
    await page.locator(BUTTON).click();
    await page.locator(ALERT).getByText('No bank can be connected here').waitFor();
    assert.deepEqual(written, [`bankconnect: ${words}`]);
  });
}

onPage('<bank-connect> names a connection that is not there', async ({ page, written }) => {
  await open(page, { provider: 'cnb', connection: 'nope' });
  await someLine(page, written);
  assert.deepEqual(written, [
    '<bank-connect> connection "nope" is not connected here; this browser has nothing',
  ]);
  await page.locator(BUTTON).click(); // a first connection all the same
  await page.locator('#username').waitFor();
});

onPage('<bank-pay> names a connection that cannot pay, and those there are', async (it) => {
  const { page, written } = it;
  await openElement(page, world);
  await connectElement(page, world);
  const all = await page.evaluate(() => window.app.client.connections());
  const id = (scope) => all.find(({ scopes }) => scopes.includes(scope)).id;
  const there = all.map((one) => `"${one.id}" (cnb ${one.scopes})`).join(', ');
  assert.deepEqual(written, []);

  await openElement(page, world, `pay-connection=${id('pisp')}`);
  await page.locator('bank-pay form #to:enabled').waitFor();
  assert.deepEqual(written, []);
  for (const [named, why] of [
    ['nope', 'is not connected here'],
    [id('aisp'), 'has no scope "pisp"'],
  ]) {
    await openElement(page, world, `pay-connection=${named}`);
    await part(page, 'empty').waitFor();
    await someLine(page, written);
    const line = `<bank-pay> connection "${named}" ${why}; this browser has ${there}`;
    assert.deepEqual(written.splice(0), [line]);
  }
});

const NO_BROKER = 'the answer is not one of a bankconnect broker; is brokerUrl right?';

for (const [what, answer] of [
  ['404 of a static server', { status: 404, contentType: 'text/html', body: '<h1>No</h1>' }],
  ['HTML where JSON is meant', { contentType: 'text/html', body: '<!doctype html>' }],
  ['JSON of something else', { json: { hello: 'world' } }],
]) {
  onPage(`a wrong brokerUrl, ${what}: the address that was asked is named`, async (it) => {
    const { page, written } = it;
    await page.route('**/nowhere/**', (route) => route.fulfill(answer));
    await open(page, { 'broker-url': '/nowhere' });
    const asked = `${NO_BROKER} (${world.app}/nowhere/providers)`;
    await page.locator(BUTTON).click();
    await page.locator(ALERT).getByText('Something went wrong.').waitFor();
    assert.deepEqual(written, [`bankconnect: ${asked}`]);
    const options = { brokerUrl: '/nowhere' };
    const thrown = await failing(page, 'connect', [{ provider: 'cnb' }], options);
    assert.deepEqual([thrown.code, thrown.message], ['invalid_response', asked]);
    const listed = await failing(page, 'connections', [], options);
    assert.equal(listed.message, `${NO_BROKER} (${world.app}/nowhere/connections)`);
  });
}

onPage('<bank-connections> at a wrong broker-url says once which it asked', async (it) => {
  const { page, written } = it;
  await page.route('**/nowhere/**', (route) => route.fulfill({ status: 404, body: 'no' }));
  await page.goto(`${world.app}/banks.html#list-broker-url=/nowhere`);
  await page.locator('bank-connections [part=error]').getByText('Something went wrong').waitFor();
  assert.equal(written.length, 1);
  assert.match(written[0], /^bankconnect: .+ \(http.+\/nowhere\/(connections|providers)\)$/);
});

onPage('no connection, account or query stands in a message', async ({ page }) => {
  await openElement(page, world);
  await connectElement(page, world, ['read', 'connect']);
  await page.route('**/transactions?*', (route) => route.fulfill({ body: '<html>' }));
  const message = await page.evaluate(async () => {
    const all = await window.app.client.connections();
    const reader = all.find(({ scopes }) => scopes.includes('aisp'));
    const reading = reader.transactions('secret-account', { fromDate: '2026-01-01' });
    return reading.all().catch((thrown) => thrown.message);
  });
  assert.match(message, /\(http:.+\/bank\/connections\/…\)$/);
});
