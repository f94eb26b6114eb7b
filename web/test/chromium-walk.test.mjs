// Chromium, production cookie: the whole walk by redirect, and that nothing leaks on the way.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/browsers.mjs';
import { scanPage, scanTraffic } from './lib/canary.mjs';
import { startDemo } from './lib/demo.mjs';
import {
  allRead,
  connect,
  connectionId,
  consent,
  disconnect,
  openAccount,
  openApp,
  pressConnect,
} from './lib/person.mjs';
import { brokerCalls, complaints, reports, watched } from './lib/watch.mjs';

let world;
let browser;
before(async () => {
  world = await startDemo('--cookie', 'production');
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

test('walk by redirect: connect, accounts, balances, payments, chart, disconnect, receipt', async () => {
  const { context, seen } = await watched(browser, world);
  const page = await context.newPage();
  await connect(page, world);
  assert.equal(await page.locator('.toast').count(), 1, 'the page says that the bank is connected');
  assert.equal(await page.locator('a.account').count(), 3);
  await page.locator('a.account .amount').nth(2).waitFor();
  await openAccount(page);
  const found = await allRead(page);
  assert.ok(found > 250, `${found} payments of a year`);
  assert.ok((await page.locator('.payment').count()) < 40, 'only those that can be seen are rows');
  await page.locator('.backlink a').click();
  await disconnect(page);
  const receipt = page.locator('[data-at-bank]');
  assert.equal(await receipt.getAttribute('data-at-bank'), 'revoked');
  assert.deepEqual(await world.tokens(), [], 'the bank has no live token left');
  await page.locator('.receipt a.button').click();
  await page.locator('.hero').waitFor();
  assert.equal(await page.locator('article.connection').count(), 0);
  assert.deepEqual(complaints(seen), []);
  assert.deepEqual(await world.violations(), [], 'the bank saw no breach of protocol');
  await context.close();
});

test('the chart ends with the booked balance of the bank, and its table says the same', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await connect(page, world);
  const id = connectionId(page);
  await openAccount(page);
  const account = decodeURIComponent(/\/a\/([^/]+)/.exec(page.url())[1]);
  const balances = await page.evaluate(
    async (path) => (await fetch(path, { headers: { 'x-bankconnect': '1' } })).json(),
    `/bank/connections/${id}/api/my/accounts/${account}/balance`,
  );
  const booked = balances.balances.find((one) => one.type.codeOrProprietary.code === 'ITBD');
  const sign = booked.creditDebitIndicator === 'DBIT' ? -1 : 1;
  const figure = page.locator('figure.chart');
  assert.equal(Number(await figure.getAttribute('data-last')), sign * booked.amount.value);
  assert.equal(Number(await figure.getAttribute('data-days')), 91);
  const summary = await page.locator('.chart-picture').getAttribute('aria-label');
  await page.locator('.chart-table summary').click();
  const row = page.locator('.scroll tbody tr').first();
  await row.waitFor(); // the table is written when it is opened
  const [day, , balance] = await row.locator('th, td').allTextContents();
  assert.ok(summary.includes(day) && summary.includes(balance), `${summary} / ${day} ${balance}`);
  await page.locator('.segments input[value="365"]').check();
  await page.locator('figure.chart[data-days="366"]').waitFor();
  assert.equal(Number(await figure.getAttribute('data-last')), sign * booked.amount.value);
  await disconnectFrom(page, id);
  await context.close();
});

test('B01 no token reaches stores, history, document, answers or WebAssembly memory', async () => {
  const { context, seen, settled } = await watched(browser, world);
  const page = await context.newPage();
  await connect(page, world);
  await openAccount(page);
  const tokens = await world.tokens();
  assert.ok(tokens.length >= 2, 'there are live tokens to look for');
  const found = await scanPage(page, tokens);
  assert.ok(found.bytes > 100_000, `WebAssembly memory was read: ${found.bytes} bytes`);
  assert.deepEqual(found.hits, []);
  await settled();
  for (const path of ['/authorizations', '/authorizations/callback'])
    assert.ok(
      seen.bodies.some(({ url, text }) => url === `${world.app}/bank${path}` && text.length > 50),
      `the answer of ${path} was read`,
    );
  assert.ok(seen.bodies.some(({ text }) => text.includes('"transactions"')));
  assert.deepEqual(scanTraffic(seen, tokens), []);
  const cookies = await context.cookies(world.app);
  assert.deepEqual(
    tokens.filter((token) => cookies.some(({ value }) => value.includes(token))),
    [],
  );
  const left = await page.evaluate(() => Object.keys(sessionStorage));
  assert.deepEqual(left, [], 'the used verifier is forgotten');
  await disconnectFrom(page, connectionId(page));
  await context.close();
});

test('B01 the scanner finds a planted secret, so its silence means something', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await openApp(page, world.app);
  const needle = 'planted-canary-0123456789';
  await page.evaluate((text) => {
    sessionStorage.setItem('x', text);
    const bytes = new TextEncoder().encode(text);
    new Uint8Array(window.__memories[0].buffer).set(bytes, 64);
    const { shadowRoot } = document.querySelector('bank-connect');
    shadowRoot.append(document.createElement('p'), text);
    return caches.open('left-behind');
  }, needle);
  const { hits } = await scanPage(page, [needle]);
  assert.equal(hits.length, 4);
  assert.match(hits[0], /left-behind/);
  assert.deepEqual(
    hits.slice(1),
    ['sessionStorage', 'shadow trees', 'WebAssembly memory'].map(
      (place) => `${needle} in ${place}`,
    ),
  );
  await context.close();
});

test('B07 B08 code and state are gone from address and history; the callback page is alone', async () => {
  const { context, seen } = await watched(browser, world);
  const page = await context.newPage();
  await openApp(page, world.app);
  await pressConnect(page);
  await consent(page, world.user);
  await page.locator('a.account').first().waitFor();
  const landing = seen.requests.find(
    ({ url, document }) => document && url.startsWith(`${world.app}/callback?`),
  );
  const query = new URL(landing.url).searchParams;
  const secrets = [query.get('code'), query.get('state')];
  assert.ok(
    secrets.every((secret) => secret?.length >= 6),
    'the bank sent code and state',
  );
  const session = await context.newCDPSession(page);
  const { entries } = await session.send('Page.getNavigationHistory');
  const own = entries.map(({ url }) => url).filter((url) => url.startsWith(world.app));
  assert.deepEqual(
    own.filter((url) => /[?&](code|state)=/.test(url)),
    [],
  );
  const { hits } = await scanPage(page, [query.get('state')]);
  assert.deepEqual(hits, []);
  assert.deepEqual(seen.foreign, [], 'no request to anyone but the app and the bank');
  const from = seen.requests.indexOf(landing);
  const until = seen.requests.findIndex(({ document }, at) => document && at > from);
  const onCallback = seen.requests.slice(from, until).map(({ url }) => url);
  assert.ok(onCallback.includes(`${world.app}/bank/authorizations/callback`));
  assert.deepEqual(
    onCallback.filter((url) => !url.startsWith(`${world.app}/`)),
    [],
    'B08 the callback page asks nobody else',
  );
  const finishing = brokerCalls(seen, world.app, '/authorizations/callback');
  assert.equal(finishing.length, 1);
  assert.ok(
    finishing[0].body.includes(query.get('code')),
    'B09 the whole query goes to the broker',
  );
  await disconnectFrom(page, connectionId(page));
  await context.close();
});

test('B16 B20 strict policy without a report; hardened cookie; static header on every call', async () => {
  const { context, seen } = await watched(browser, world);
  const page = await context.newPage();
  const headers = [];
  page.on('request', (request) => {
    if (request.url().startsWith(`${world.app}/bank/`))
      headers.push(request.headers()['x-bankconnect']);
  });
  const answer = await page.goto(world.app);
  const policy = answer.headers()['content-security-policy'];
  assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/);
  assert.match(policy, /require-trusted-types-for 'script'/);
  await connect(page, world);
  await openAccount(page);
  assert.deepEqual(await reports(page), []);
  assert.deepEqual(complaints(seen), []);
  assert.ok(headers.length >= 6);
  assert.deepEqual(
    headers.filter((value) => value !== '1'),
    [],
  );
  const [cookie, ...others] = await context.cookies(world.app);
  assert.deepEqual(others, []);
  assert.match(cookie.name, /^__Host-Http-/);
  const { httpOnly, secure, sameSite, path } = cookie;
  assert.deepEqual(
    { httpOnly, secure, sameSite, path },
    { httpOnly: true, secure: true, sameSite: 'Strict', path: '/' },
  );
  await disconnectFrom(page, connectionId(page));
  await context.close();
});

async function disconnectFrom(page, id) {
  await page.goto(`${world.app}/#/c/${id}`);
  await disconnect(page);
}
