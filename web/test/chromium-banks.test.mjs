// Chromium: forty banks to choose from, and the list of what is connected; by keyboard, in both
// languages, from right to left, with axe in light and dark, and without a jump of the page.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { servePages } from './lib/pages.mjs';
import { consent } from './lib/person.mjs';
import { complaints, reports, watched } from './lib/watch.mjs';

const BUTTON = 'bank-connect [part=button]';
const SEARCH = 'bank-connect [part=search]';
const OPTION = 'bank-connect [role=option]';
const CARD = 'bank-connections [part=connection]';

let world;
let browser;
let pages;
before(async () => {
  pages = await servePages();
  world = await startDemo('--banks', '40', '--page', pages.folder);
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await world?.stop();
  pages?.remove();
});

/** A watched page with both elements, in the state that the fragment asks for. */
function onPage(name, fragment, work) {
  test(name, async () => {
    const { context, seen } = await watched(browser, world);
    const page = await context.newPage();
    await page.goto(`${world.app}/banks.html#${fragment}`);
    await page.locator('bank-connections [part=empty]').waitFor();
    await work(page, seen);
    assert.deepEqual(complaints(seen), []);
    assert.deepEqual(await reports(page), []);
    await context.close();
  });
}

/** Axe in light and dark. */
async function isAccessible(page) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await violations(page), [], colorScheme);
  }
}

/** How far things moved that no press had moved. */
const moved = (page) =>
  page.evaluate(() =>
    window.app.shifts
      .filter(({ hadRecentInput }) => !hadRecentInput)
      .reduce((sum, { value }) => sum + value, 0),
  );

onPage('a bank is found by its name without accents, by keyboard alone', '', async (page) => {
  await page.locator(BUTTON).focus();
  await page.keyboard.press('Enter');
  await page.locator(SEARCH).waitFor();
  assert.ok((await page.locator(OPTION).count()) >= 40);
  await isAccessible(page);
  await page.keyboard.type('zizkov');
  assert.deepEqual(await page.locator(`${OPTION} bdi`).allTextContents(), ['Žižkovská banka']);
  await page.locator('bank-connect [part=count]').getByText('Banks found: 1').waitFor();
  await page.keyboard.press('Escape');
  assert.ok((await page.locator(OPTION).count()) >= 40);
  await page.keyboard.press('ArrowDown');
  const active = await page.locator(SEARCH).getAttribute('aria-activedescendant');
  assert.equal(active, await page.locator(`${OPTION}[aria-selected=true]`).getAttribute('id'));
  assert.equal(active, await page.locator(OPTION).nth(1).getAttribute('id'));
  await page.keyboard.press('Escape');
  await page.locator('bank-connect [part=picker]').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => window.app.told.length), 0);
});

onPage('where a name fills its line, "test" begins the next one', 'lang=en', async (page) => {
  await page.setViewportSize({ width: 320, height: 800 });
  await page.locator(BUTTON).click();
  await page.locator(SEARCH).waitFor();
  const indents = await page.locator(`${OPTION} [part=sandbox]`).evaluateAll((all) =>
    all.flatMap((badge) => {
      const name = badge.parentElement.querySelector('bdi').getClientRects();
      const { left, top } = badge.getBoundingClientRect();
      return top > [...name].at(-1).bottom - 4 ? [left - name[0].left] : [];
    }),
  );
  assert.ok(indents.length > 0, 'some do');
  assert.deepEqual([...new Set(indents)], [0]);
});

for (const fragment of ['lang=cs', 'lang=en&dir=rtl']) {
  onPage(`the choice and the empty list are accessible: ${fragment}`, fragment, async (page) => {
    await isAccessible(page);
    await page.locator(BUTTON).click();
    await page.locator(SEARCH).waitFor();
    await isAccessible(page);
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    const edges = await page
      .locator(OPTION)
      .evaluateAll((all) => all.slice(0, 2).map((one) => getComputedStyle(one).borderTopColor));
    assert.notEqual(edges[0], edges[1], 'the option that the keys act on shows');
  });
}

onPage('a language of the app; what it lacks is said in English', 'lang=de', async (page) => {
  await page.evaluate(() => {
    window.app.list.constructor.addLanguage('de', { empty: 'Keine Bank verbunden.' });
  });
  await page.getByText('Keine Bank verbunden.').waitFor();
  await page.evaluate(() => {
    window.app.list.texts = { empty: 'Noch nichts.' };
  });
  await page.getByText('Noch nichts.').waitFor();
  await page.locator(BUTTON).getByText('Connect your bank').waitFor();
});

onPage(
  'what is connected is listed; the receipt takes its place',
  'button-provider=cnb&button-mode=popup',
  async (page) => {
    await page.locator('bank-connect [part=bank]').getByText('Bank:').waitFor();
    const opened = page.context().waitForEvent('page');
    await page.locator(BUTTON).click();
    await consent(await opened, world.user);
    await page.locator(CARD).getByText('your accounts, to read').waitFor();
    assert.equal(await page.locator(CARD).count(), 1);
    await isAccessible(page);
    await page.locator(`${CARD} [part=disconnect]`).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Disconnect Česká zkušební banka?').waitFor();
    await isAccessible(page);
    await page.getByRole('button', { name: 'Keep it' }).click();
    assert.equal(await page.locator(CARD).count(), 1);
    await page.locator(`${CARD} [part=disconnect]`).click();
    await page.getByText('Connected: Česká zkušební banka.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
    await page.locator('bank-connections [part=receipt]').waitFor();
    assert.equal(await page.locator('bank-connect [part=status]').textContent(), '');
    await isAccessible(page);
    await page.locator('bank-connections [part=done]').click();
    await page.locator('bank-connections [part=empty]').waitFor();
    const names = await page.evaluate(() => window.app.told.map(({ name }) => name));
    assert.deepEqual(names, ['connecting', 'connected', 'disconnected']);
  },
);

onPage(
  'who left after the first of two scopes is asked for the second',
  'button-provider=cnb&button-mode=popup&button-scopes=aisp+pisp',
  async (page) => {
    const line = page.locator('bank-connect [part=bank]');
    const about = await page.locator('bank-connect [part=description]').textContent();
    assert.match(about, /read the accounts you choose and prepare payments/);
    for (const [at, label] of ['Connect your bank', 'Allow payments'].entries()) {
      await page.reload();
      await line.getByText('Bank:').waitFor();
      await page.locator(BUTTON).getByText(label).waitFor();
      const opened = page.context().waitForEvent('page');
      await page.locator(BUTTON).click();
      await consent(await opened, world.user);
      await page.locator(CARD).nth(at).waitFor();
      await page.locator(BUTTON).getByText(['Allow payments', 'Connect once more'][at]).waitFor();
    }
    await page.reload();
    await page.locator(BUTTON).getByText('Connect once more').waitFor();
    await line.getByText(/Connected until .+ at the latest/).waitFor();
    await isAccessible(page);
    const held = await page.evaluate(() => new window.app.BankConnect().connections());
    assert.deepEqual(held.flatMap(({ scopes }) => scopes).sort(), ['aisp', 'pisp']);
    await saysWhichOfTwo(page);
  },
);

/** Both cards of one bank, by what is shared: payments are not read, and one ends without the other. */
async function saysWhichOfTwo(page) {
  const [accounts, payments] = [page.locator(CARD).nth(0), page.locator(CARD).nth(1)];
  await accounts.getByText('your accounts, to read').waitFor();
  await accounts.getByText('Last read').waitFor();
  await payments.getByText('preparing payments').waitFor();
  await payments.getByText('Last used').waitFor();
  assert.equal(await payments.getByText('Last read').count(), 0);
  const button = payments.locator('[part=disconnect]');
  await button.and(page.getByRole('button', { description: 'preparing payments' })).click();
  const question = page.getByRole('dialog');
  await question.getByText('Only this ends: preparing payments.').waitFor();
  await isAccessible(page);
  await question.getByRole('button', { name: 'Disconnect' }).click();
  await page.locator('bank-connections [part=receipt]').waitFor();
  await accounts.locator('[part=disconnect]').click();
  await question.getByText('This application can then no longer use it.').waitFor();
}

test('connections of one bank stand together, accounts first', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  const one = (id, provider, provider_name, scope) => ({
    id,
    provider,
    provider_name,
    environment: 'production',
    scopes: [scope],
    status: 'connected',
    reason: null,
    connected_at: '2026-01-05T12:00:00Z',
    reconnect_by: null,
    last_used_at: null,
  });
  const connections = [
    one('1', 'b', 'Žižkovská banka', 'pisp'),
    one('2', 'a', 'Česká banka', 'pisp'),
    one('3', 'b', 'Žižkovská banka', 'aisp'),
    one('4', 'c', 'Denní banka', 'aisp'),
    one('5', 'a', 'Česká banka', 'aisp'),
  ];
  await page.route('**/bank/connections', (route) => route.fulfill({ json: { connections } }));
  await page.goto(`${world.app}/banks.html#lang=cs`);
  await page.locator(CARD).nth(4).waitFor();
  const shown = await page
    .locator(CARD)
    .evaluateAll((all) => all.map((card) => card.querySelector('[part=name]').id.slice(5)));
  assert.deepEqual(shown, ['5', '2', '4', '3', '1']);
  await context.close();
});

test('a failure is told with a way to try again, and moves nothing', async () => {
  const { context } = await watched(browser, world);
  const page = await context.newPage();
  await page.route('**/bank/connections', (route) => route.abort());
  await page.goto(`${world.app}/banks.html`);
  await page.locator('bank-connections [part=error]').getByText('does not answer').waitFor();
  await isAccessible(page);
  await page.unroute('**/bank/connections');
  await page.locator('bank-connections [part=retry]').click();
  await page.locator('bank-connections [part=empty]').waitFor();
  assert.equal(await moved(page), 0);
  await context.close();
});
