// Chromium: coming back from the bank in every way but the plain one.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { connect, consent, openApp, pressConnect } from './lib/person.mjs';
import { brokerCalls, watched } from './lib/watch.mjs';

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

const AUTHORIZE = /\/powerauth-webflow\/oauth\/authorize/;

test('cancel at the bank by redirect is told calmly, with a way back', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await openApp(page, world.app);
  await pressConnect(page);
  await page.locator('#cancel').click();
  const notice = page.locator('[role=alert][data-code=cancelled]');
  await notice.waitFor();
  assert.equal(new URL(page.url()).search, '', 'the address is clean');
  await notice.locator('a.button').click();
  await page.locator('.connect-card bank-connect').waitFor();
  assert.equal(await page.locator('article.connection').count(), 0);
  await context.close();
});

test('B15 two tabs connect at once, interleaved, and both succeed', async () => {
  const { context, seen } = await watched(browser, world);
  const [a, b] = [await context.newPage(), await context.newPage()];
  const held = [];
  for (const page of [a, b]) {
    await openApp(page, world.app);
    let arrived;
    const reached = new Promise((found) => {
      arrived = found;
    });
    await page.route(AUTHORIZE, (route) => arrived(route), { times: 1 });
    await pressConnect(page);
    held.push(await reached); // started, but not at the bank yet
  }
  const [goOnA, goOnB] = held;
  await goOnB.continue();
  await consent(b, world.user);
  await b.locator('a.account').first().waitFor();
  await goOnA.continue();
  await consent(a, world.user);
  await a.locator('a.account').first().waitFor();
  assert.equal(brokerCalls(seen, world.app, '/authorizations/callback').length, 2);
  for (const page of [a, b]) assert.equal(await page.locator('a.account').count(), 3);
  await context.close();
});

test('B23 back, forward and reload after success replay nothing', async () => {
  const { context, seen } = await watched(browser, world);
  const page = await context.newPage();
  await connect(page, world);
  const finished = () => brokerCalls(seen, world.app, '/authorizations/callback').length;
  assert.equal(finished(), 1);
  await page.goBack({ waitUntil: 'load' });
  await page.goForward({ waitUntil: 'load' });
  await page.locator('a.account').first().waitFor();
  await page.reload();
  await page.locator('a.account').first().waitFor();
  assert.equal(finished(), 1);
  await context.close();
});

test('B23 out of the back/forward cache the client is free again', async () => {
  const other = await launchChromium({ back: true });
  try {
    const { context } = await watched(other, world);
    const page = await context.newPage();
    // the driver cannot ask a page that comes out of that cache, so the page leaves word for another
    await page.addInitScript(() => {
      window.addEventListener('pageshow', ({ persisted }) => {
        if (!persisted) return;
        const timer = setInterval(() => {
          const element = document.querySelector('bank-connect'); // the page draws it anew
          if (!element) return;
          clearInterval(timer);
          localStorage.setItem('out-of-cache', element.client.state);
        });
      });
    });
    await openApp(page, world.app);
    await pressConnect(page);
    await page.locator('#username').waitFor();
    await page.goBack({ waitUntil: 'commit' });
    const reader = await context.newPage();
    await reader.goto(world.app);
    const word = await reader.waitForFunction(() => localStorage.getItem('out-of-cache'));
    assert.equal(await word.jsonValue(), 'idle', 'not `redirecting` for ever');
  } finally {
    await other.close();
  }
});

test('B24 a clock that jumps a day while the person is at the bank changes nothing', async () => {
  for (const days of [1, -1]) {
    const { context } = await watched(browser, world);
    const page = await context.newPage();
    await page.addInitScript((shift) => {
      const now = Date.now;
      const away = location.pathname === '/callback' ? shift : 0;
      Date.now = () => now() + away * 86_400_000;
    }, days);
    await connect(page, world);
    await context.close();
  }
});

test('on the callback page a retry is offered only where the landing is kept', async () => {
  const { context } = await watched(browser, world);
  for (const [code, kept] of [
    ['internal', false],
    ['authorization_expired', false],
    ['bank_unavailable', true],
  ]) {
    const page = await context.newPage();
    await openApp(page, world.app);
    const problem = { type: 'about:blank', title: 'No', status: 503, code };
    await page.route(
      '**/bank/authorizations/callback',
      (route) =>
        route.fulfill({
          status: 503,
          contentType: 'application/problem+json',
          body: JSON.stringify(problem),
        }),
      { times: 1 },
    );
    await pressConnect(page);
    await consent(page, world.user);
    const notice = page.locator(`[role=alert][data-code=${code}]`);
    await notice.waitFor();
    assert.equal(await notice.locator('button').count(), kept ? 1 : 0, code);
    if (kept) {
      await notice.locator('button').click();
      await page.locator('a.account').first().waitFor();
    } else {
      await notice.getByText('Connect again').click();
      await page.locator('.connect-card bank-connect').waitFor();
    }
    await page.close();
  }
  await context.close();
});

for (const lost of ['the whole answer', 'all but its cookie']) {
  test(`${lost} got lost: it is given again, after one exchange`, async () => {
    const { context } = await watched(browser, world);
    const page = await context.newPage();
    const before = (await world.requests()).filter(isExchange).length;
    await openApp(page, world.app);
    await page.route(
      '**/bank/authorizations/callback',
      async (route) => {
        const cookies = await context.cookies();
        assert.equal((await route.fetch()).status(), 200); // and its cookie is in the browser
        if (lost === 'the whole answer') {
          await context.clearCookies();
          await context.addCookies(cookies);
        }
        await route.abort();
      },
      { times: 1 },
    );
    await pressConnect(page);
    await consent(page, world.user);
    const notice = page.locator('[role=alert][data-code=network]');
    await notice.waitFor();
    await notice.locator('button').click();
    await page.locator('a.account').first().waitFor();
    assert.equal((await world.requests()).filter(isExchange).length, before + 1);
    await page.goto(world.app);
    await page.locator('.connect-card bank-connect').waitFor();
    assert.equal(await page.locator('.connected li').count(), 1);
    await context.close();
  });
}

test('B23 the callback address opened again is refused without asking the broker', async () => {
  const { context, seen } = await watched(browser, world);
  const page = await context.newPage();
  await connect(page, world);
  const landing = landingOf(seen);
  await page.goto(landing);
  await page.locator('[role=alert][data-code=state_mismatch]').waitFor();
  assert.equal(new URL(page.url()).search, '');
  assert.equal(brokerCalls(seen, world.app, '/authorizations/callback').length, 1);
  await context.close();
});

test('a callback of another browser is refused without asking the broker', async () => {
  const victim = await watched(browser, world);
  const attacker = await watched(browser, world);
  const page = await attacker.context.newPage();
  await openApp(page, world.app);
  await pressConnect(page);
  await page.route('**/bank/authorizations/callback', (route) => route.abort()); // keeps the code good
  await consent(page, world.user);
  await page.locator('[data-code=network]').waitFor();
  const lured = await victim.context.newPage();
  await lured.goto(landingOf(attacker.seen));
  await lured.locator('[role=alert][data-code=state_mismatch]').waitFor();
  assert.equal(brokerCalls(victim.seen, world.app, '/authorizations/callback').length, 0);
  await Promise.all([victim.context.close(), attacker.context.close()]);
});

test('B10 an error text of the bank stays text', async () => {
  const { context, seen } = await watched(browser, world);
  const page = await context.newPage();
  await openApp(page, world.app);
  await page.route(AUTHORIZE, (route) => {
    const asked = new URL(route.request().url()).searchParams;
    const back = new URL(asked.get('redirect_uri'));
    back.search = new URLSearchParams({
      error: 'access_denied',
      error_description: '<img src=x onerror=alert(1)>',
      state: asked.get('state'),
    }).toString();
    return route.fulfill({ status: 302, headers: { location: back.href } });
  });
  await pressConnect(page);
  await page.locator('[role=alert][data-code=cancelled]').waitFor();
  assert.equal(await page.locator('img').count(), 0);
  assert.ok(!(await page.content()).includes('onerror'));
  assert.ok(
    brokerCalls(seen, world.app, '/authorizations/callback')[0].body.includes('error_description'),
  );
  await context.close();
});

test('a foreign code in the address is left alone', async () => {
  const { context, seen } = await watched(browser, world);
  const page = await context.newPage();
  await page.goto(`${world.app}/callback?code=abc&state=xyz`);
  await page.locator('h1').waitFor();
  await page.locator('a.button').waitFor();
  assert.equal(new URL(page.url()).search, '?code=abc&state=xyz');
  assert.equal(seen.requests.filter(({ method }) => method === 'POST').length, 0);
  await context.close();
});

test('the network fails while finishing: the same landing is tried again and succeeds', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await openApp(page, world.app);
  await page.route('**/bank/authorizations/callback', (route) => route.abort(), { times: 1 });
  await pressConnect(page);
  await consent(page, world.user);
  const notice = page.locator('[role=alert][data-code=network]');
  await notice.waitFor();
  await notice.locator('button').click();
  await page.locator('a.account').first().waitFor();
  await context.close();
});

test('B18 a broker that always says 401 is asked once per view and nobody is sent away', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await connect(page, world);
  const view = page.url();
  await page.goto('about:blank'); // what the first view still asks must not count for the second
  const body = JSON.stringify({
    type: 'urn:bankconnect:problem:not_connected',
    title: 'Not connected',
    status: 401,
    code: 'not_connected',
    request_id: 'r-1',
  });
  let asked = 0;
  await page.route('**/bank/connections/**', (route) => {
    asked += 1;
    return route.fulfill({ status: 401, contentType: 'application/problem+json', body });
  });
  const navigations = [];
  page.on('framenavigated', (frame) => navigations.push(frame.url()));
  await page.goto(view);
  const alert = (words) => page.locator('[data-code=not_connected]').getByText(words).waitFor();
  await alert('No bank is connected here');
  assert.equal(asked, 1);
  // each change of language draws the view anew and asks once; a loop would have asked in between
  await page.locator('[data-locale=cs]').click();
  await alert('Žádná banka tu není připojena');
  await page.locator('[data-locale=en]').click();
  await alert('No bank is connected here');
  assert.equal(asked, 3);
  assert.deepEqual(navigations, [view], 'only the visit itself');
  await context.close();
});

function landingOf(seen) {
  const found = seen.requests.filter(({ url, document }) => document && url.includes('/callback?'));
  return found.at(-1).url;
}

function isExchange({ method, path }) {
  return method === 'POST' && path === '/powerauth-webflow/oauth/token';
}
