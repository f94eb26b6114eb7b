// Chromium: the package as its README shows it, on a page that is not the demo: the list of banks,
// two scopes in two steps, a shared client, and everything that goes wrong around the element.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { servePages } from './lib/pages.mjs';
import { consent } from './lib/person.mjs';
import { brokerCalls, complaints, reports, watched } from './lib/watch.mjs';

const BUTTON = 'bank-connect [part=button]';
const STATUS = 'bank-connect [part=status]';
const ALERT = 'bank-connect [part=error]';

let world;
let browser;
let pages;
before(async () => {
  pages = await servePages();
  world = await startDemo('--page', pages.folder);
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await world?.stop();
  pages?.remove();
});

/** A watched page of the app; `work` gets it with what was seen. */
function onPage(name, work, fragment = '') {
  test(name, async () => {
    const { context, seen } = await watched(browser, world);
    const page = await context.newPage();
    await page.goto(`${world.app}/${fragment}`);
    await page.locator(BUTTON).waitFor();
    await work(page, seen, context);
    await context.close();
  });
}

/** What the element told the page, as JSON keeps it. */
const told = (page) => page.evaluate(() => JSON.parse(JSON.stringify(window.told)));
const count = (seen, path, method) => brokerCalls(seen, world.app, path, method).length;
const choice = (page, name) =>
  page.locator('bank-connect [part=provider]').filter({ hasText: name });
const bank = (page) => choice(page, /^Česká zkušební banka(?! \(sandbox)/);

async function says(page, part, words) {
  await page.locator(part).getByText(words).waitFor();
}

onPage('the bank is chosen from a list, and two scopes are two steps', async (page, seen) => {
  await page.locator(BUTTON).click();
  await choice(page, '').first().waitFor();
  assert.equal(await choice(page, '').count(), 2);
  assert.deepEqual(await violations(page), []);
  await bank(page).click();
  await consent(page, world.user);
  await says(page, STATUS, 'Steps left: 1.');
  assert.equal(new URL(page.url()).pathname, '/callback');
  assert.deepEqual(await violations(page), []);
  await page.locator(BUTTON).click();
  await consent(page, world.user);
  await says(page, STATUS, 'Connected: Česká zkušební banka.');
  assert.deepEqual(await told(page), [
    { name: 'connected', appState: { cart: 7 }, rest: ['pisp'], scopes: ['aisp'] },
    { name: 'connected', appState: { cart: 7 }, rest: [], scopes: ['pisp'] },
  ]);
  const asked = brokerCalls(seen, world.app, '/authorizations').map(({ body }) => JSON.parse(body));
  assert.deepEqual(
    asked.map(({ scopes }) => scopes),
    [['aisp'], ['pisp']],
  );
  assert.deepEqual(complaints(seen), []);
  assert.deepEqual(await reports(page), []);
});

onPage(
  'what the client starts with its own words, the element finishes with them',
  async (page) => {
    await page.mouse.click(5, 5);
    await page.evaluate(() => {
      const appState = { rest: ['mine'], provider: 'mine' }; // whatever an app calls its things
      void window.app.element.client.connect({ provider: 'cnb', scopes: ['aisp'], appState });
    });
    await consent(page, world.user);
    await says(page, STATUS, 'Connected');
    const [{ appState, rest }] = await told(page);
    assert.deepEqual([appState, rest], [{ rest: ['mine'], provider: 'mine' }, []]);
  },
);

onPage(
  'what the element starts, handleRedirect() finishes with the words and the rest',
  async (page) => {
    await page.route('**/page.js', (route) => route.abort()); // no element on the page it comes back to
    await page.locator(BUTTON).click();
    await bank(page).click();
    await consent(page, world.user);
    await page.waitForURL('**/callback?*');
    const result = await page.evaluate(async () => {
      const { BankConnect } = await import('/bankconnect/index.js');
      const { appState, rest } = await new BankConnect().handleRedirect();
      return { appState, rest, search: location.search };
    });
    assert.deepEqual(result, { appState: { cart: 7 }, rest: ['pisp'], search: '' });
  },
);

onPage("the app's own words describe the button, and the bank once it is known", async (page) => {
  await page.evaluate(() => window.app.element.setAttribute('provider', 'cnb'));
  await page.locator('bank-connect [part=bank]').getByText('Bank: Česká').waitFor();
  const session = await page.context().newCDPSession(page);
  const { root } = await session.send('DOM.getDocument');
  const asked = { nodeId: root.nodeId, role: 'button', accessibleName: 'Connect your bank' };
  const { nodes } = await session.send('Accessibility.queryAXTree', asked);
  assert.equal(nodes.length, 1);
  assert.match(
    nodes[0].description.value,
    /^Own words of the app. Bank: Česká zkušební banka Access until .+ at the latest$/,
  );
});

onPage(
  'without an answer of the broker the press tells, and the next one works',
  async (page, seen) => {
    await page.route('**/bank/providers', (route) => route.abort());
    await page.reload();
    await page.locator(BUTTON).click();
    await says(page, ALERT, 'The server does not answer.');
    assert.deepEqual(await told(page), [{ name: 'failed', code: 'network' }]);
    await page.unroute('**/bank/providers');
    await page.locator(BUTTON).click();
    await bank(page).waitFor();
    assert.equal(count(seen, '/authorizations'), 0);
  },
);

onPage('a broker without a bank is told in words', async (page) => {
  await page.route('**/bank/providers', (route) => route.fulfill({ json: { providers: [] } }));
  await page.reload();
  await page.locator(BUTTON).click();
  await says(page, ALERT, 'No bank can be connected here at the moment.');
  assert.deepEqual(await told(page), [{ name: 'failed', code: 'config' }]);
});

onPage(
  'two presses while the banks are on their way are one, also for prepared tokens',
  async (page, seen) => {
    let goOn;
    const free = new Promise((now) => {
      goOn = now;
    });
    await page.route('**/bank/providers', (route) => free.then(() => route.continue()));
    await page.reload();
    await page.locator(BUTTON).waitFor();
    await page.evaluate(() => window.app.element.setAttribute('provider', 'cnb-sandbox'));
    await page.locator(BUTTON).dblclick();
    await says(page, STATUS, 'One moment…');
    await goOn();
    await choice(page, 'token-aisp').click();
    await says(page, STATUS, 'Connected: Česká zkušební banka (sandbox).');
    assert.equal(count(seen, '/connections'), 1);
    assert.deepEqual(
      (await told(page)).map(({ name }) => name),
      ['connected'],
    );
  },
  '#set-x=1',
);

onPage('a double click starts one attempt', async (page, seen) => {
  await page.evaluate(() => window.app.element.setAttribute('provider', 'cnb'));
  await page.locator('bank-connect [part=bank]').getByText('Česká').waitFor();
  await page.locator(BUTTON).dblclick();
  await page.locator('#username').waitFor();
  assert.equal(count(seen, '/authorizations'), 1);
  assert.equal(await page.evaluate(() => sessionStorage.getItem('told')), null);
});

onPage(
  'an address in the HTML makes one question; a client that was set stays',
  async (page, seen) => {
    await page.locator(BUTTON).click();
    await bank(page).waitFor(); // or a late question of this page would count for the next
    await inHtml(page, 'broker-url="/bank"');
    await page.locator(BUTTON).click();
    await bank(page).waitFor();
    const loaded = seen.requests.findLastIndex(({ document }) => document);
    const asked = seen.requests.slice(loaded).filter(({ url }) => url.endsWith('/providers'));
    assert.equal(asked.length, 1);
    const stays = await page.evaluate(() => {
      const { element, BankConnect } = window.app;
      const client = new BankConnect();
      element.client = client;
      element.setAttribute('broker-url', '/elsewhere');
      return element.client === client;
    });
    assert.ok(stays);
  },
);

onPage('elements that share a client: one is busy, the other says why it waits', async (page) => {
  const opened = page.context().waitForEvent('page');
  await page.evaluate(() => {
    const { element } = window.app;
    const other = element.cloneNode(true);
    other.id = 'other';
    for (const one of [element, other]) {
      one.client = element.client;
      one.setAttribute('provider', 'cnb');
      one.setAttribute('mode', 'popup');
    }
    document.querySelector('main').append(other);
  });
  await page.locator('#other [part=bank]').getByText('Bank:').waitFor();
  await page.locator(BUTTON).first().click();
  await opened;
  await says(page, `${STATUS} >> nth=0`, 'Continue in your bank’s window.');
  assert.equal(await page.locator('#other:state(busy)').count(), 0);
  await page.locator('#other [part=button]').click();
  await says(page, '#other [part=error]', 'Another connection is under way.');
  await page.locator('bank-connect [part=cancel]').first().click();
  await says(page, `${STATUS} >> nth=0`, 'Cancelled.');
});

onPage('a wrong address of the component is told, and a right one mends it', async (page) => {
  await inHtml(page, 'wasm-url="/nowhere.wasm"');
  await page.locator(BUTTON).click();
  await says(page, ALERT, 'The server does not answer.');
  await page.evaluate(() => window.app.element.setAttribute('wasm-url', '/copied.wasm'));
  await page.locator(BUTTON).click();
  await bank(page).waitFor();
});

/** Loads the page with these attributes on the element from the beginning. */
async function inHtml(page, attributes) {
  await page.route(`${world.app}/`, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replace('<bank-connect', `<bank-connect ${attributes}`);
    return route.fulfill({ response: answer, body });
  });
  await page.reload();
  await page.locator(BUTTON).waitFor();
}

for (const mode of ['redirect', 'popup']) {
  onPage(
    `${mode}: the network fails while finishing, and the next press finishes`,
    async (page, seen) => {
      await page.evaluate((how) => {
        window.app.element.setAttribute('mode', how);
        window.app.element.setAttribute('scopes', 'aisp');
        window.app.element.setAttribute('provider', 'cnb');
      }, mode);
      await page.locator('bank-connect [part=bank]').getByText('Bank:').waitFor();
      const lost = (route) => route.abort();
      await page.route('**/authorizations/callback', lost, { times: 1 });
      const opened = mode === 'popup' ? page.context().waitForEvent('page') : page;
      await page.locator(BUTTON).click();
      await consent(await opened, world.user);
      await says(page, ALERT, 'The server does not answer.');
      assert.equal(page.context().pages().length, 1);
      await page.locator(BUTTON).click();
      await says(page, STATUS, 'Connected');
      assert.equal(count(seen, '/authorizations'), 1, 'the person is not asked again');
      const calls = brokerCalls(seen, world.app, '/authorizations/callback').map(
        ({ body }) => body,
      );
      assert.equal(calls.length, 2);
      assert.equal(calls[0], calls[1]);
      assert.deepEqual(
        (await told(page)).map(({ name }) => name),
        ['failed', 'connected'],
      );
    },
  );
}
