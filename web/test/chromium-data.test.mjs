// Chromium: what comes from the bank in parts is shown whole, or not as a whole: pages of payments
// that fail in between, a shorter history than asked for, totals of balances that are missing.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { allRead, connect } from './lib/person.mjs';
import { watched } from './lib/watch.mjs';

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

/** A test with a browser of its own, which shows a new connection. */
function onConnection(name, work) {
  test(name, async () => {
    const { context } = await watched(browser, world);
    const page = await context.newPage();
    await connect(page, world);
    await work(page);
    await context.close();
  });
}

for (const [number, at] of [
  ['first', 0],
  ['second', 1],
]) {
  onConnection(`the ${number} page of payments fails twice: nothing is lost`, async (page) => {
    await page.locator('a.account').first().click();
    const whole = await allRead(page);
    assert.ok(whole > 250, 'more than a page');
    await page.reload();
    let failures = 0;
    await page.route(/\/transactions\?/, (route) => {
      const asked = new URL(route.request().url()).searchParams.get('page') ?? '0';
      if (asked !== String(at) || failures > 1) return route.continue();
      failures += 1;
      return route.abort();
    });
    await page.reload();
    const again = page.locator('.payments [data-code=network] button');
    for (const _ of [1, 2]) await again.click();
    assert.equal(await allRead(page), whole);
    assert.equal(failures, 2);
    const chart = page.locator('figure.chart');
    const chartAgain = page.locator('.chart-card [data-code=network] button');
    await chart.or(chartAgain).waitFor();
    if (await chartAgain.isVisible()) await chartAgain.click();
    await chart.waitFor();
  });
}

for (const [what, answer] of [
  ['is missing', (route) => route.abort()],
  [
    'is of another kind',
    async (route) => {
      const answer = await route.fetch();
      const all = await answer.json();
      const booked = all.balances.filter(({ type }) => type.codeOrProprietary.code !== 'CLAV');
      return route.fulfill({ response: answer, json: { ...all, balances: booked } });
    },
  ],
]) {
  onConnection(`no total is shown where a balance ${what}`, async (page) => {
    await page.locator('.totals').waitFor();
    const currencies = await page.locator('.totals dt').count();
    const id = await page.locator('a.account').first().getAttribute('data-account');
    await page.route(`**/accounts/${id}/balance*`, answer);
    await page.reload();
    await page.locator('.balance-slot .small').nth(2).waitFor(); // all have come or failed
    assert.equal(await page.locator('.totals dt').count(), currencies - 1);
  });
}

onConnection(
  'a bank without the whole year gives its usual period instead of a failure',
  async (page) => {
    const asked = [];
    await page.route(/\/transactions\?/, (route) => {
      const from = new URL(route.request().url()).searchParams.get('fromDate');
      asked.push(from !== null);
      if (from === null) return route.continue();
      const type = 'urn:bankconnect:problem:bank_refused';
      const body = { type, title: 'No', status: 422, code: 'bank_refused', bank_codes: ['DT01'] };
      return route.fulfill({ status: 422, json: body, contentType: 'application/problem+json' });
    });
    await page.locator('a.account').first().click();
    await page.locator('.payment').first().waitFor();
    await page.locator('figure.chart').waitFor();
    assert.deepEqual([...new Set(asked)], [true, false]);
    assert.equal(asked.filter((whole) => whole).length, 1, 'refused once, not asked again');
  },
);
