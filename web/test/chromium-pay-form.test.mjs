// Chromium: a bank whose page of a signing is opened by posting a form to it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { servePages } from './lib/pages.mjs';
import { assertPaid, ended, payer, press, sign } from './lib/pay.mjs';
import { complaints, reports } from './lib/watch.mjs';

const MODES = ['redirect', 'popup'];

let pages;
let world;
let strict;
let browser;
before(async () => {
  pages = await servePages('pay.html');
  [world, strict] = await Promise.all([
    startDemo('--page', pages.folder),
    startDemo('--page', pages.folder, '--coop'),
  ]);
  await Promise.all([world, strict].map((at) => at.turn({ sign_page: 'post' })));
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await Promise.all([world?.stop(), strict?.stop()]);
  pages?.remove();
});

async function paying(work, at = world) {
  const given = await payer(browser, at);
  await work(given);
  await given.context.close();
}

/** Presses the button; answers the page that the bank is in. */
async function pressed({ page, order, context }, mode) {
  const opened = mode === 'popup' ? context.waitForEvent('page') : page;
  await press(page, 'pay', { order, options: { mode } });
  return opened;
}

/** No further window is left open. */
async function alone(context) {
  for (const other of context.pages().slice(1)) {
    if (!other.isClosed()) await other.waitForEvent('close');
  }
}

/** What was posted to the bank's page, by name. */
function posted(seen, at) {
  const forms = seen.requests.filter(
    ({ method, url }) => method === 'POST' && url === `${at.bank}/powerauth-webflow/oauth/signing`,
  );
  assert.equal(forms.length, 1);
  return Object.fromEntries(new URLSearchParams(forms[0].body));
}

/** Has the bank's answer of step II changed on its way to the page. */
function begun(page, change) {
  return page.route('**/sign/*', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const answered = await route.fetch();
    return route.fulfill({ json: change(await answered.json()) });
  });
}

/** How the payment has ended. The library's own waiting would wait for the navigation that was kept back. */
function endedHere(page) {
  return page.evaluate(async () => {
    const shown = document.querySelector('#ended');
    await new Promise((done) => {
      new MutationObserver(done).observe(shown, { childList: true });
      if (shown.textContent) done();
    });
    return window.app.kept('ended')[0];
  });
}

async function signsBy(mode, at) {
  await paying(async (given) => {
    const { page, seen, context, payments } = given;
    const bank = await pressed(given, mode);
    const closed = mode === 'popup' ? bank.waitForEvent('close') : undefined;
    await sign(bank, at.user);
    const result = await ended(page);
    assertPaid(result);
    await closed;
    const { SAMLRequest, relayState, ...rest } = posted(seen, at);
    assert.match(SAMLRequest, /^[A-Za-z0-9+/]+=*$/);
    assert.equal(relayState, result.signInfo.signId);
    assert.deepEqual(rest, {});
    assert.equal(await payments(), 1);
    await alone(context);
    assert.equal(await page.locator('form').count(), 0);
    assert.deepEqual(complaints(seen), []);
    assert.deepEqual(await reports(page), []);
  }, at);
}

for (const mode of MODES) {
  test(`by ${mode}: the form is posted to the bank, and the person signs`, () =>
    signsBy(mode, world));
}

test('by popup under Cross-Origin-Opener-Policy: same-origin', () => signsBy('popup', strict));

test('a form whose fields have the names of the OpenAPI file is posted by the right ones', () =>
  paying(async (given) => {
    const { page, seen } = given;
    await begun(page, ({ formData: { SAMLRequest: url, relayState: id }, ...rest }) => ({
      ...rest,
      formData: { url, id, submit: 'x' },
    }));
    await sign(await pressed(given, 'redirect'), world.user);
    assertPaid(await ended(page));
    assert.deepEqual(Object.keys(posted(seen, world)), ['SAMLRequest', 'relayState']);
  }));

for (const mode of MODES) {
  test(`B06 by ${mode}: no form is posted to anyone but the bank`, () =>
    paying(async (given) => {
      const { page, seen, context } = given;
      await begun(page, (answer) => ({ ...answer, href: { url: 'https://bank.example/sign' } }));
      await pressed(given, mode);
      assert.equal((await ended(page)).error, 'untrusted_url');
      assert.deepEqual(seen.foreign, []);
      assert.equal(new URL(page.url()).origin, world.app);
      await alone(context);
    }));

  test(`by ${mode}: a page whose own policy keeps forms back is not left waiting`, () =>
    paying(async (given) => {
      const { page, seen, context } = given;
      await page.route('**/pay.html', async (route) => {
        const answered = await route.fetch();
        const policy = answered.headers()['content-security-policy'];
        const headers = {
          ...answered.headers(),
          'content-security-policy': policy.replace(world.bank, "'self'"),
        };
        return route.fulfill({ response: answered, headers });
      });
      await page.goto(`${world.app}/pay.html`);
      await page.locator('#ready', { hasText: 'connected' }).waitFor();
      await pressed(given, mode);
      const { status, signInfo } = await endedHere(page);
      assert.deepEqual([status, signInfo.state], ['unsigned', 'OPEN']);
      assert.match(complaints(seen).join(), /form-action/);
      assert.equal(await page.evaluate(() => sessionStorage.getItem('bankconnect-payment')), null);
      await alone(context);
      assert.equal((await page.evaluate(() => window.app.unfinished())).length, 1);
    }));
}
