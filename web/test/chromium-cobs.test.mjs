// Chromium: the whole API by its types, `bankconnect/cobs`: exact amounts, lists page by page, and what
// is refused before it is sent.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { servePages } from './lib/pages.mjs';
import { consent } from './lib/person.mjs';
import { complaints, reports, watched } from './lib/watch.mjs';

let pages;
let world;
let later;
let browser;
before(async () => {
  pages = await servePages();
  [world, later] = await Promise.all([
    startDemo('--page', pages.folder),
    startDemo('--page', pages.folder, '--cobs', '5.0'),
  ]);
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await Promise.all([world?.stop(), later?.stop()]);
  pages?.remove();
});

/** A page with a connection of this scope, as `connection`, and `api` over it. */
async function connected(scope, at, work) {
  const { context, seen } = await watched(browser, at);
  const page = await context.newPage();
  await page.goto(`${at.app}/#set-provider=cnb&set-scopes=${scope}`);
  await page.locator('bank-connect [part=bank]').getByText('Bank:').waitFor();
  await page.locator('bank-connect [part=button]').click();
  await consent(page, at.user);
  await page.locator('[part=status]').getByText('Connected').waitFor();
  await page.evaluate(async () => {
    const { cobs, orderId } = await import('/bankconnect/cobs.js');
    const [connection] = await new window.app.BankConnect().connections();
    const refused = async (call) => {
      try {
        await call();
        return 'sent';
      } catch ({ code, fields, retryable }) {
        return fields ? { code, fields } : { code, retryable };
      }
    };
    Object.assign(window, { cobs, orderId, connection, api: cobs(connection), refused });
  });
  await work(page, seen);
  assert.deepEqual(complaints(seen, ['Failed to load resource']), []);
  assert.deepEqual(await reports(page), []);
  await context.close();
}

/** Calls of the page that the broker was to hand to the bank. */
const handedOn = (seen) =>
  seen.requests.filter(({ url }) => /\/connections\/[^/]+\/api\//.test(url));

test('an amount has the digits that the bank wrote, number or string', () =>
  connected('aisp', world, async (page) => {
    const [written, read] = await page.evaluate(async () => {
      const [{ id }] = await window.connection.accounts().all();
      const path = `/bank/connections/${window.connection.id}/api/my/accounts/${id}/transactions`;
      const answer = await fetch(`${path}?size=50`, { headers: { 'x-bankconnect': '1' } });
      const entries = [];
      for await (const entry of window.connection.transactions(id, { size: 50 })) {
        entries.push(entry.amount.value);
        if (entries.length === 50) break;
      }
      return [await answer.text(), entries];
    });
    const digits = [...written.matchAll(/"amount":\{"(?:currency":"...",")?value":([\d.]+)/g)];
    assert.equal(read.length, 50);
    for (const value of read) assert.match(value, /^\d+(\.\d+)?$/);
    for (const value of new Set(read)) assert.ok(digits.some(([, found]) => found === value));
    const amount = (value, key = 'value') =>
      `{"amount":{"${key}": ${value} ,"currency":"CZK"},"creditDebitIndicator":"CRDT"}`;
    const balances = ['150.50', '999999999999999.99', '"0.10"', '-7'].map((it) => amount(it));
    const note = '{"amount":{},"creditDebitIndicator":"CRDT","note":"\\"value\\":5","a\\"value":5}';
    const body = `{"balances":[${[...balances, note].join()}]}`;
    await page.route('**/balance', (route) =>
      route.fulfill({ status: 200, contentType: 'application/json', body }),
    );
    const shown = await page.evaluate(() => window.connection.balances('any').all());
    const values = shown.map((balance) => balance.amount.value);
    assert.deepEqual(values, ['150.50', '999999999999999.99', '0.10', '-7', undefined]);
    assert.deepEqual([shown[4].note, shown[4]['a"value']], ['"value":5', 5]);
  }));

test('a list is read page by page under one Action-ID, and ends where no page lies ahead', () =>
  connected('aisp', world, async (page) => {
    const before = (await world.requests()).length;
    const [entries, sizes] = await page.evaluate(async () => {
      const entries = [];
      for await (const account of window.connection.accounts({ size: 1 })) entries.push(account.id);
      const sizes = [];
      for await (const items of window.api.standingOrders.list({ size: 2 }).pages()) {
        sizes.push(items.length);
      }
      return [entries, sizes];
    });
    assert.equal(new Set(entries).size, 3);
    const asked = (await world.requests()).slice(before);
    const actions = (end) =>
      asked.filter(({ path }) => path.endsWith(end)).map(({ action_id }) => action_id);
    for (const [end, count] of [
      ['/my/accounts', 3],
      ['/my/standingorders', sizes.length],
    ]) {
      assert.equal(actions(end).length, count);
      assert.equal(new Set(actions(end)).size, 1, end);
      assert.match(actions(end)[0], /^[\da-f-]{36}$/);
    }
    assert.notEqual(actions('/my/accounts')[0], actions('/my/standingorders')[0]);
    for (const nextPage of ['"nextPage":0,', '"nextPage":null,', '']) {
      let calls = 0;
      await page.route('**/api/my/accounts', (route) => {
        calls += 1;
        const body = `{"pageNumber":0,"pageCount":1,${nextPage}"pageSize":1,"accounts":[]}`;
        return route.fulfill({ status: 200, contentType: 'application/json', body });
      });
      assert.deepEqual(await page.evaluate(() => window.connection.accounts().all()), []);
      assert.equal(calls, 1);
      await page.unroute('**/api/my/accounts');
    }
  }));

test('an answer that lacks what the standard demands is refused', () =>
  connected('aisp', world, async (page) => {
    for (const body of [
      '{"accounts":[{"id":1}]}',
      '{"accounts":{}}',
      '{}',
      '[]',
      'null',
      'no',
      '',
    ]) {
      await page.route('**/api/my/accounts', (route) =>
        route.fulfill({ status: 200, contentType: 'application/json', body }),
      );
      const code = await page.evaluate(() =>
        window.refused(() => window.connection.accounts().all()),
      );
      assert.deepEqual(code, { code: 'invalid_response', retryable: false }, body);
      await page.unroute('**/api/my/accounts');
    }
  }));

test('what scope, version and limits rule out is refused before it is sent', async () => {
  const never = { retryable: false };
  await connected('aisp', world, async (page, seen) => {
    const sent = handedOn(seen).length;
    const codes = await page.evaluate(async () => {
      const { api, refused } = window;
      return [
        await refused(() => api.payments.status('p')),
        await refused(() => api.balanceCheck({})),
        await refused(() => api.payments.awaiting('a').all()),
        await refused(() => api.standingOrders.detail('s')),
        await refused(() => api.consents.list()),
      ];
    });
    const missing = { code: 'scope_missing', ...never };
    const absent = { code: 'not_offered', ...never };
    assert.deepEqual(codes, [missing, missing, absent, absent, absent]);
    assert.equal(handedOn(seen).length, sent);
  });
  await connected('pisp', later, async (page, seen) => {
    const sent = handedOn(seen).length;
    const faults = await page.evaluate(async (cases) => {
      const { api, cobs, connection, refused } = window;
      const found = [];
      for (const [execution, validity] of cases) {
        const value = '1.00';
        const order = {
          amount: { instructedAmount: { value, currency: 'CZK' } },
          standingOrder: { execution: { modeDue: 'DUE_DAY_OF_MONTH', ...execution }, validity },
        };
        const { code, fields } = await refused(() => api.standingOrders.create(order));
        found.push([code, ...fields.map(({ field, rule }) => `${field} ${rule}`)]);
      }
      const amounts = [150.5, '1,50', '01', '1e3', ''];
      for (const value of amounts) {
        const payment = { amount: { instructedAmount: { value, currency: 'CZK' } } };
        found.push(await refused(() => api.payments.initiate(payment)));
      }
      const standard = cobs(connection, { limits: 'standard' });
      const weekly = { mode: 'UNTIL_DATE', modeDue: 'DUE_DAY', interval: 'WEEKLY', intervalDue: 8 };
      const wrong = { standingOrder: { execution: weekly } };
      found.push((await refused(() => standard.standingOrders.change('s', wrong))).fields);
      return found;
    }, STANDING);
    assert.deepEqual(faults.slice(0, STANDING.length), STANDING_FAULTS);
    const field = 'amount.instructedAmount.value';
    for (const fault of faults.slice(STANDING.length, -1)) {
      assert.deepEqual(fault, { code: 'invalid_order', fields: [{ field, rule: 'decimal' }] });
    }
    assert.deepEqual(faults.at(-1), [
      { field: 'standingOrder.validity.lastExecutionDate', rule: 'required' },
      { field: 'standingOrder.execution.intervalDue', rule: 'range' },
    ]);
    assert.equal(handedOn(seen).length, sent);
  });
});

const FOREVER = { mode: 'UNTIL_CANCELLATION', interval: 'MONTHLY', intervalDue: 15 };
const STANDING = [
  [{ ...FOREVER, interval: 'BI_MONTHLY', intervalDue: 1 }],
  [{ ...FOREVER, interval: 'IRREGULAR' }],
  [{ ...FOREVER, interval: 'WEEKLY', intervalDue: 6 }],
  [{ ...FOREVER, interval: 'MONTHLY', intervalDue: 29 }],
  [{ ...FOREVER, modeDue: 'DUE_LAST_DAY_OF_MONTH' }],
  [{ ...FOREVER, mode: 'MAX_AMOUNT_EXCEEDED' }, { maxAmount: { value: '9', currency: 'CZK' } }],
  [FOREVER, { lastExecutionDate: '2030-01-01' }],
  [{ ...FOREVER, mode: 'UNTIL_DATE' }],
  [{ mode: 'UNTIL_CANCELLATION' }],
];
const STANDING_FAULTS = [
  ['execution.interval cnb'],
  ['execution.interval cnb'],
  ['execution.intervalDue cnb'],
  ['execution.intervalDue range'],
  ['execution.modeDue cnb'],
  ['execution.mode cnb'],
  ['validity.lastExecutionDate forbidden'],
  ['validity.lastExecutionDate required'],
  ['execution.interval required', 'execution.intervalDue required'],
].map((faults) => ['invalid_order', ...faults.map((fault) => `standingOrder.${fault}`)]);
