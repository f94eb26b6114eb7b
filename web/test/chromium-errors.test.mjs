// Chromium: every code the broker can answer has its own plain words and the right way out;
// a withdrawn consent, the sandbox, and an account without payments.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { connect, connectionId, consent, disconnect, openApp } from './lib/person.mjs';
import { watched } from './lib/watch.mjs';

let world;
let browser;
let context;
let view;
before(async () => {
  world = await startDemo();
  browser = await launchChromium();
  ({ context } = await watched(browser, world));
  const page = await context.newPage();
  await connect(page, world);
  view = page.url();
  await page.close();
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

/** A test with a page of its own, which shows the connection that is there. */
function onConnection(name, work) {
  test(name, async () => {
    const page = await context.newPage();
    await page.goto(view);
    await page.locator('a.account').first().waitFor();
    await work(page);
    await page.close();
  });
}

/** Status of every code of the closed list, and what the notice offers. */
const CODES = {
  invalid_request: [400, []],
  authorization_expired: [400, ['connect']],
  not_connected: [401, ['connect']],
  reconnect: [401, ['connect']],
  refused: [403, []],
  cancelled: [403, []],
  scope_missing: [403, ['connect']],
  not_found: [404, []],
  too_large: [413, []],
  bank_refused: [422, []],
  rate_limited: [429, ['retry']],
  internal: [500, ['retry']],
  bank_unavailable: [503, ['retry']],
};

function problem(code, status) {
  const extra = {
    bank_refused: { bank_codes: ['AC09', 'DT01'] },
    rate_limited: { retry_after: 42 },
  };
  const type = `urn:bankconnect:problem:${code}`;
  const body = { type, title: 'Title', status, code, request_id: 'req-7f3a', ...extra[code] };
  return { status, contentType: 'application/problem+json', body: JSON.stringify(body) };
}

const ACCOUNTS = /\/api\/my\/accounts(\?.*)?$/;

for (const [code, [status, ways]] of Object.entries(CODES)) {
  onConnection(`B17 code ${code} has its own words and the right way out`, async (page) => {
    await page.route(ACCOUNTS, (route) => route.fulfill(problem(code, status)));
    await page.reload();
    const notice = page.locator(`[role=alert][data-code=${code}]`);
    await notice.waitFor();
    const text = await notice.textContent();
    assert.equal(text.includes('req-7f3a'), code !== 'cancelled', 'the number for support');
    assert.equal(text.includes('AC09, DT01'), code === 'bank_refused');
    assert.equal(text.includes('42 seconds'), code === 'rate_limited');
    assert.equal(
      await notice.getByText('Try again', { exact: true }).count(),
      ways.includes('retry') ? 1 : 0,
    );
    assert.equal(
      await notice.getByText('Connect again', { exact: true }).count(),
      ways.includes('connect') ? 1 : 0,
    );
    assert.equal(await page.locator('.shared').count(), 1, 'what is shared stays visible');
  });
}

onConnection('every code has different words in both languages', async (page) => {
  const titles = new Set();
  for (const language of ['cs', 'en']) {
    for (const [code, [status]] of Object.entries(CODES)) {
      await page.route(ACCOUNTS, (route) => route.fulfill(problem(code, status)));
      await page.locator(`[data-locale=${language}]`).click();
      const title = page.locator(`[data-code=${code}] .notice-title`);
      await title.waitFor();
      titles.add(await title.textContent());
      await page.unroute(ACCOUNTS);
    }
  }
  assert.equal(titles.size, 2 * Object.keys(CODES).length);
});

onConnection('try again after a failure brings the accounts', async (page) => {
  await page.route(ACCOUNTS, (route) => route.fulfill(problem('bank_unavailable', 502)), {
    times: 1,
  });
  await page.reload();
  await page.getByText('Try again', { exact: true }).click();
  await page.locator('a.account').first().waitFor();
  const inside = await page
    .locator('.accounts')
    .evaluate((box) => box.contains(document.activeElement));
  assert.ok(inside, 'the focus stays where the person works');
});

onConnection('an account without payments says so', async (page) => {
  const empty = { pageNumber: 0, pageCount: 1, nextPage: null, pageSize: 0, transactions: [] };
  await page.route(/\/transactions\?/, (route) => route.fulfill({ json: empty }));
  await page.locator('a.account').first().click();
  await page.locator('.payments .empty').waitFor();
});

onConnection('an answer that is not JSON, and no answer at all, are told apart', async (page) => {
  await page.route(ACCOUNTS, (route) =>
    route.fulfill({ status: 200, contentType: 'text/html', body: '<html>' }),
  );
  await page.reload();
  await page.locator('[data-code=invalid_response]').waitFor();
  await page.unroute(ACCOUNTS);
  await page.route(ACCOUNTS, (route) => route.abort());
  await page.reload();
  await page.locator('[data-code=network]').waitFor();
  await page.unroute(ACCOUNTS);
});

onConnection('a failed disconnect keeps the question open and says why', async (page) => {
  await page.locator('[data-act=disconnect]').click();
  await page.route('**/bank/connections/*', (route) => {
    const forced = route.request().method() === 'DELETE';
    return forced ? route.fulfill(problem('internal', 500)) : route.continue();
  });
  await page.locator('dialog[open] [data-act=yes]').click();
  await page.locator('dialog[open] [data-code=internal]').waitFor();
  await page.unroute('**/bank/connections/*');
  await page.locator('dialog[open] [data-act=no]').click();
  assert.equal(await page.locator('dialog[open]').count(), 0);
});

test('failures while connecting are explained below the button', async () => {
  const other = await context.newPage();
  for (const code of ['bank_unavailable', 'rate_limited', 'refused']) {
    await openApp(other, world.app);
    await other.route('**/bank/authorizations', (route) =>
      route.fulfill(problem(code, CODES[code][0])),
    );
    await other.locator('.connect-card bank-connect [part=button]').click();
    await other.locator(`.connect-card [role=alert][data-code=${code}]`).waitFor();
    await other.unroute('**/bank/authorizations');
  }
  await other.close();
});

test('B06 an authorization address away from the bank is not followed', async () => {
  const other = await context.newPage();
  await openApp(other, world.app);
  for (const url of [
    'https://evil.example/',
    'javascript:alert(1)',
    `${world.bank.replace('://', '://user@')}/x`,
  ]) {
    await other.route('**/bank/authorizations', (route) =>
      route.fulfill({ json: { authorization_url: url } }),
    );
    await other.locator('.connect-card bank-connect [part=button]').click();
    await other.locator('.connect-card [role=alert][data-code=untrusted_url]').waitFor();
    assert.equal(new URL(other.url()).origin, world.app);
    await other.unroute('**/bank/authorizations');
    await other.reload();
  }
  await other.close();
});

test('sandbox: token and certificate by name, then data, then disconnect', async () => {
  const other = await context.newPage();
  await openApp(other, world.app);
  const form = other.locator('.sandbox-card form');
  assert.deepEqual(await form.locator('select').first().locator('option').allTextContents(), [
    'token-aisp',
    'token-pisp',
    'token-no-scope',
  ]);
  await form.locator('select').first().selectOption('token-aisp');
  await form.locator('select').nth(1).selectOption('certificate-all');
  await form.locator('button').click();
  await other.locator('a.account').first().waitFor();
  assert.equal(await other.locator('.shared .badge.sandbox').count(), 1);
  await disconnect(other);
  await other.close();
});

test('sandbox: a token that only pays opens no accounts, and the bank says so when asked', async () => {
  const other = await context.newPage();
  await openApp(other, world.app);
  await other.locator('.sandbox-card select').first().selectOption('token-pisp');
  await other.locator('.sandbox-card form button').click();
  await other.locator('.pay-part a[href="#/pay"]').waitFor();
  await other.goto(`${world.app}/#/c/${connectionId(other)}/a/any`);
  const notice = other.locator('[role=alert][data-code=bank_refused]').first();
  await notice.waitFor();
  assert.match(await notice.textContent(), /FORBIDDEN/);
  await other.close();
});

onConnection('consent withdrawn at the bank: reconnect is offered and works', async (page) => {
  await world.withdraw();
  await page.reload();
  await page.locator('.ended bank-connect').waitFor();
  await page.locator('.shared .status.reconnect').waitFor();
  await page.goto(`${world.app}/`);
  await page.locator('article.connection .status.reconnect').waitFor();
  await page.locator('article.connection bank-connect [part=button]').click();
  await consent(page, world.user);
  await page.locator('a.account').first().waitFor();
});
