// Chromium: what the package refuses, on a page of its own: frames, starts that nobody asked for, and
// a component that breaks. Also the bundled package, and the popup that closes itself.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { servePages } from './lib/pages.mjs';
import { consent } from './lib/person.mjs';
import { brokerCalls, complaints, reports, watched } from './lib/watch.mjs';

let pages;
let world;
let strict;
let browser;
before(async () => {
  pages = await servePages();
  [world, strict] = await Promise.all([
    startDemo('--page', pages.folder),
    startDemo('--page', pages.folder, '--coop'),
  ]);
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await Promise.all([world?.stop(), strict?.stop()]);
  pages?.remove();
});

async function onPage(work, fragment = '', at = world) {
  const { context, seen } = await watched(browser, at);
  const page = await context.newPage();
  await page.goto(`${at.app}/${fragment}`);
  await page.locator('bank-connect [part=button]').waitFor();
  await work(page, seen);
  await context.close();
}

test('B03 in a frame of another site it refuses to start', () =>
  onPage(async (page, seen) => {
    await page.route(`${world.app}/`, async (route) => {
      const answer = await route.fetch();
      const headers = answer.headers();
      // the demo forbids all framing; an app that allows it must be safe too
      headers['content-security-policy'] = headers['content-security-policy'].replace(
        "frame-ancestors 'none'; ",
        '',
      );
      return route.fulfill({ response: answer, headers });
    });
    await page.goto(
      `data:text/html,<iframe src="${world.app}/" width="600" height="400"></iframe>`,
    );
    const frame = page.frameLocator('iframe');
    await frame.locator('bank-connect [part=button]').click();
    await frame.locator('[part=provider]').first().click();
    await frame.getByText('Please open the page in a new window.').waitFor(); // `unsupported`
    assert.ok(page.url().startsWith('data:'));
    assert.equal(brokerCalls(seen, world.app, '/authorizations').length, 0);
  }));

test('B04 nothing starts before the person has touched the page', () =>
  onPage(async (page, seen) => {
    await page.waitForFunction(() => document.title === 'refused: config');
    assert.equal(new URL(page.url()).origin, world.app);
    assert.equal(brokerCalls(seen, world.app, '/authorizations').length, 0);
  }, '#unasked'));

test('B22 a component that breaks ends the open calls with a typed error that tells nothing', () =>
  onPage(async (page) => {
    await page.locator('bank-connect [part=button]').click(); // the component is there and works
    await page.locator('[part=provider]').first().waitFor();
    const broken = await page.evaluate(async () => {
      const secret = 'secret-0123456789';
      window.fetch = async () => secret; // no Response: the component traps
      const client = new window.app.BankConnect();
      try {
        await client.providers();
        return 'fine';
      } catch (error) {
        const { code, message, cause } = error;
        return { code, tells: `${message} ${cause?.message} ${cause?.stack}`.includes(secret) };
      }
    });
    assert.deepEqual(broken, { code: 'internal', tells: false });
  }));

test('every failure to load the component is typed, and spoils nothing for the next client', () =>
  onPage(async (page) => {
    // the element has no part in this
    for (const file of ['core.wasm', 'embedded.js'])
      await page.route(`**/${file}`, (route) => route.abort());
    await page.reload();
    await page.locator('bank-connect [part=button]').waitFor();
    const codes = await page.evaluate(async () => {
      const { BankConnect, BankConnectError } = window.app;
      const sources = [
        () => {
          throw new TypeError('a mistake of the app');
        },
        () => Promise.reject(new Error('gone')),
        '/nowhere.wasm',
        new Uint8Array([1, 2, 3]),
      ];
      const right = new BankConnect({ wasm: '/copied.wasm' });
      const all = sources.map((wasm) => new BankConnect({ wasm }).preload());
      const ended = await Promise.allSettled([...all, right.preload()]);
      return ended.map(({ reason }) =>
        reason ? BankConnectError.is(reason) && reason.code : 'fine',
      );
    });
    assert.deepEqual(codes, ['network', 'network', 'network', 'unsupported', 'fine']);
  }));

test('bundled by esbuild, with the component copied, it works under the strict policy', () =>
  onPage(async (page, seen) => {
    await page.evaluate(() => import('/bundled.js'));
    assert.equal((await page.evaluate(() => window.bundled)).length, 2);
    assert.deepEqual(complaints(seen), []);
    assert.deepEqual(await reports(page), []);
  }));

for (const policy of ['none', 'same-origin']) {
  test(`B12 the package closes its popup; Cross-Origin-Opener-Policy: ${policy}`, () => {
    const at = policy === 'none' ? world : strict;
    return onPage(
      async (page) => {
        await page.locator('bank-connect [part=bank]').getByText('Bank:').waitFor();
        const opened = page.context().waitForEvent('page');
        await page.locator('bank-connect [part=button]').click();
        const popup = await opened;
        const closed = popup.waitForEvent('close');
        await consent(popup, at.user);
        await page.locator('[part=status]').getByText('Connected').waitFor();
        await closed;
      },
      '#set-mode=popup&set-provider=cnb&set-scopes=aisp',
      at,
    );
  });
}

test('a window that may not be closed says that its work is done', () =>
  onPage(async (page) => {
    const context = page.context();
    await page.locator('bank-connect [part=bank]').getByText('Bank:').waitFor();
    const opened = context.waitForEvent('page');
    await page.locator('bank-connect [part=button]').click();
    const popup = await opened;
    await popup.route('**/page.js', (route) => route.abort()); // it comes back and does nothing
    await consent(popup, world.user);
    await popup.waitForURL('**/callback?*');
    const other = await context.newPage();
    await other.goto(`${world.app}/icon.svg`); // a history, so that no browser lets a script close it
    await other.goto(popup.url());
    await other.locator('[part=status]').getByText('Done. You can close this window.').waitFor();
    assert.deepEqual(await violations(other), []);
    await page.locator('[part=status]').getByText('Connected').waitFor();
  }, '#set-mode=popup&set-provider=cnb&set-scopes=aisp'));
