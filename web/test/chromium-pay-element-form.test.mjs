// Chromium: what the form of <bank-pay> asks for and says: fields and their faults, amounts, orders of
// the app, and that nothing on the page moves by itself.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { shifts } from './lib/facts.mjs';
import { servePages } from './lib/pages.mjs';
import { PAYEE } from './lib/pay.mjs';
import { connected, fillIn, inState, openElement, part, step, told } from './lib/pay-element.mjs';
import { consent } from './lib/person.mjs';
import { complaints, watched } from './lib/watch.mjs';

const LUNCH = { to: PAYEE, amount: '150.50' };

let pages;
let world;
let browser;
let person;
let payer;
before(async () => {
  pages = await servePages('pay-element.html');
  world = await startDemo('--page', pages.folder);
  browser = await launchChromium();
  person = await connected(browser, world, ['read', 'connect']);
  payer = await connected(browser, world, ['connect']);
});
after(async () => {
  await browser?.close();
  await world?.stop();
  pages?.remove();
});

function onPage(name, fragment, work, { storageState = () => person, ...options } = {}) {
  const given = () => ({ ...options, fragment, storageState: storageState() });
  test(name, () => inState(browser, world, given(), work));
}

const said = (page, name) => page.locator(`bank-pay #${name}-error`).textContent();
const focused = (page) => page.evaluate(() => window.app.element.shadowRoot.activeElement?.id);

onPage(
  'faults are said at their fields when these are left, and gone when mended',
  '',
  async (page) => {
    await fillIn(page, { to: '123' });
    assert.equal(await said(page, 'to'), '');
    await page.keyboard.press('Tab');
    assert.match(await said(page, 'to'), /as 19-2000145399\/0800, or as an IBAN/);
    const to = page.locator('bank-pay #to');
    assert.equal(await to.getAttribute('aria-invalid'), 'true');
    assert.equal(await to.getAttribute('aria-describedby'), 'to-error to-hint');
    await fillIn(page, { to: '19-2000145399/0800' });
    assert.equal(await said(page, 'to'), '');
    assert.equal(await to.getAttribute('aria-invalid'), 'false');
    assert.equal(await said(page, 'amount'), '', 'nobody has been there');
    await fillIn(page, { to: 'CZ7508000000002108589435', variableSymbol: 'x' });
    await part(page, 'check').click();
    assert.match(await said(page, 'to'), /mistake in this IBAN/);
    assert.equal(await said(page, 'amount'), 'Please fill this in.');
    assert.equal(await said(page, 'variableSymbol'), 'At most ten digits, nothing else.');
    await part(page, 'summary').getByText('Things to correct: 3.').waitFor();
    assert.equal(await focused(page), 'to');
  },
);

onPage('a fault among what is folded opens it', '', async (page) => {
  await fillIn(page, LUNCH);
  await part(page, 'more-title').click();
  await fillIn(page, { specificSymbol: '12a' });
  await part(page, 'more-title').click();
  await part(page, 'check').click();
  assert.equal(await focused(page), 'specificSymbol');
  assert.ok(await page.locator('bank-pay #specificSymbol').isVisible());
});

onPage('amounts as people write them, to the last digit', '', async (page) => {
  await fillIn(page, LUNCH);
  for (const [typed, meant] of [
    ['1 500,50', 'CZK 1,500.50'],
    ['1500.5', 'CZK 1,500.50'],
    ['1.500,50', 'CZK 1,500.50'],
    ['1,500.50', 'CZK 1,500.50'],
    ['1,500,000', 'CZK 1,500,000.00'],
    ["007'000", 'CZK 7,000.00'],
    ['90071992547.41', 'CZK 90,071,992,547.41'],
  ]) {
    await fillIn(page, { amount: typed });
    await part(page, 'check').click();
    await part(page, 'fact').getByText(meant.replace(' ', '\u00a0'), { exact: true }).waitFor();
    await part(page, 'change').click();
  }
  for (const [typed, words] of [
    ['1,500', 'At most two decimal places.'],
    ['12,', 'Write the amount as a number.'],
    ['1e3', 'Write the amount as a number.'],
    ['0', 'This amount is too small or too large.'],
  ]) {
    await fillIn(page, { amount: typed });
    await part(page, 'check').click();
    assert.equal(await said(page, 'amount'), words, typed);
  }
});

onPage(
  'what the kind of payment needs is asked for, and nothing else',
  '',
  async (page) => {
    const asked = async () => {
      const all = await page.locator('bank-pay .field input, bank-pay .field select').all();
      const ids = [];
      for (const one of all) if (await one.isVisible()) ids.push(await one.getAttribute('id'));
      return ids;
    };
    const always = ['from', 'to', 'amount', 'currency', 'variableSymbol', 'message'];
    assert.deepEqual(await asked(), always);
    const with_ = (...more) => always.toSpliced(2, 0, ...more);
    await fillIn(page, { to: 'DE89 3704 0044 0532 0130 00', amount: '10' });
    await page.locator('bank-pay #currency').selectOption('EUR');
    assert.deepEqual(await asked(), with_('name'));
    await page.locator('bank-pay #currency').selectOption('USD');
    assert.deepEqual(await asked(), with_('name', 'bic'));
    await fillIn(page, { to: 'TR33 0006 1005 1978 6457 8413 26' });
    assert.deepEqual(await asked(), with_('name', 'bic', 'street', 'postCode', 'town', 'country'));
    await part(page, 'check').click();
    for (const name of ['name', 'bic', 'street'])
      assert.equal(await said(page, name), 'Please fill this in.');
    await fillIn(page, { name: 'Řeřicha', bic: 'tgbatris', street: 'Cadde 1', country: 'tr' });
    await part(page, 'check').click();
    await step(page, 'Is this right?');
    const facts = await part(page, 'fact').allTextContents();
    assert.ok(facts.includes('Rericha') && facts.includes('TGBATRIS'), facts.join());
    assert.ok(facts.includes('Cadde 1, TR'), facts.join());
    await part(page, 'altered').waitFor();
  },
  { moves: true },
);

onPage('another account than those in the list can be written', '', async (page) => {
  await page.locator('bank-pay #from').selectOption('');
  assert.equal(await focused(page), 'from');
  await page.keyboard.type('DE89370400440532013000');
  await page.keyboard.press('Tab');
  assert.equal(await said(page, 'from'), 'Only a Czech account can pay.');
});

onPage(
  'who lets no accounts be read writes the IBAN',
  '',
  async (page) => {
    await page.getByLabel('IBAN of your account').fill('CZ69 0710 1781 2400 0000 4159');
    await fillIn(page, LUNCH);
    await part(page, 'check').click();
    await part(page, 'fact').getByText('CZ69 0710 1781 2400 0000 4159').waitFor();
  },
  { storageState: () => payer },
);

const whole = {
  from: 'CZ6907101781240000004159',
  to: { iban: PAYEE, name: 'Bytové družstvo' },
  amount: '900719925474.93',
  currency: 'CZK',
  variableSymbol: '12',
};
const as = (order) => `order=${encodeURIComponent(JSON.stringify(order))}`;

onPage(
  'an order of the app that lacks nothing goes straight to the review',
  as(whole),
  async (page) => {
    await step(page, 'Is this right?');
    assert.equal(await part(page, 'change').count(), 0);
    await part(page, 'fact').getByText('CZK\u00a0900,719,925,474.93').waitFor();
    await page.evaluate((order) => {
      window.app.element.order = { ...order, amount: 'many' };
    }, whole);
    await part(page, 'check').click();
    await part(page, 'summary').getByText('as the page has prepared it').waitFor();
  },
  { moves: true, allowed: ['<bank-pay> order: amount must be'] },
);

const { from: _, ...unpaid } = whole;
onPage(
  'what an order of the app says is fixed, the rest is asked for',
  as(unpaid),
  async (page) => {
    await step(page, 'New payment');
    await page.getByLabel('From account').waitFor();
    assert.equal(await page.locator('bank-pay #to, bank-pay #amount').count(), 0);
    await part(page, 'fact').getByText('Bytové družstvo').waitFor();
    await part(page, 'check').click();
    await step(page, 'Is this right?');
  },
  { moves: true },
);

onPage('news from the broker leave the person where they are', '', async (page) => {
  await fillIn(page, LUNCH);
  await page.locator('bank-pay #amount').focus();
  await page.keyboard.press('ArrowLeft');
  await page.evaluate(async () => {
    await window.app.element.refresh();
    window.app.element.texts = { amount: 'How much' };
  });
  await page.getByLabel('How much').waitFor();
  assert.equal(await focused(page), 'amount');
  await page.keyboard.type('7');
  assert.equal(await page.locator('bank-pay #amount').inputValue(), '150.570');
  await page.evaluate(() => window.app.element.reset());
  await page.locator('bank-pay .stage[aria-busy=false]').waitFor();
  assert.equal(await page.locator('bank-pay #amount').inputValue(), '');
  assert.equal(await focused(page), 'title', 'the place is not lost');
});

onPage(
  'nothing that can pay is said in words; a button that connects may stand in their place',
  'lang=cs',
  async (page) => {
    await part(page, 'empty').getByText('K placení není připojena žádná banka.').waitFor();
    await page.evaluate(async () => {
      await import('/bankconnect/element.js');
      const own = document.createElement('bank-connect');
      for (const [name, value] of Object.entries({
        slot: 'empty',
        provider: 'cnb',
        scopes: 'pisp',
        mode: 'popup',
      })) {
        own.setAttribute(name, value);
      }
      window.app.element.append(own);
    });
    const connect = page.locator('bank-connect [part=button]');
    await connect.getByText('Připojit banku').waitFor();
    assert.equal(await part(page, 'empty').isVisible(), false);
    await page.locator('bank-connect [part=bank]').getByText('Banka:').waitFor();
    assert.deepEqual(await shifts(page), []);
    const opened = page.context().waitForEvent('page');
    await connect.click();
    await consent(await opened, world.user);
    await page.locator('bank-pay input#from').waitFor();
    assert.equal(await connect.isVisible(), false);
  },
  { storageState: () => ({ cookies: [], origins: [] }), moves: true },
);

test('a wrong order of the app is told to its developer, and is shown as it is', async () => {
  const { context, seen } = await watched(browser, world, { storageState: person });
  const page = await context.newPage();
  const order = { to: { account: '19-2000145399/0800' }, amount: '150,50', currency: 'CZK' };
  await openElement(page, world, `order=${encodeURIComponent(JSON.stringify(order))}`);
  await part(page, 'fact').getByText('150,50 CZK').waitFor();
  const said = complaints(seen).join();
  assert.match(said, /<bank-pay> order: amount must be a decimal number as text, with a dot/);
  await context.close();
});

test('a failure while it loads is told with a way to try again', async () => {
  const { context } = await watched(browser, world, { storageState: person });
  const page = await context.newPage();
  await page.route('**/bank/connections', (route) => route.abort());
  await openElement(page, world);
  await part(page, 'error').getByText('The server does not answer.').waitFor();
  assert.deepEqual((await told(page)).at(-1), { name: 'failed', code: 'network' });
  await page.unroute('**/bank/connections');
  await part(page, 'retry').click();
  await page.locator('bank-pay #to:enabled').waitFor();
  await context.close();
});
