// Chromium: the choice of a bank in its details: nothing moves, marks of banks, letters that lead to a
// name, forced colours, and what the button says when an access is to be renewed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { shifts, watchingShifts } from './lib/facts.mjs';
import { servePages } from './lib/pages.mjs';
import { consent } from './lib/person.mjs';
import { complaints, watched } from './lib/watch.mjs';

const BUTTON = 'bank-connect [part=button]';
const SEARCH = 'bank-connect [part=search]';
const OPTION = 'bank-connect [role=option]';

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

/** A page with both elements; `prepare` is done before it is opened. */
async function onPage(fragment, work, prepare = async () => {}) {
  const { context, seen } = await watched(browser, world);
  await watchingShifts(context);
  const page = await context.newPage();
  await prepare(page);
  await page.goto(`${world.app}/banks.html#${fragment}`);
  await page.locator('bank-connections [part=empty]').waitFor();
  await work(page, seen);
  await context.close();
}

/** Has a list of the broker changed on its way to the page. */
function changed(page, path, change) {
  return page.route(`**/bank/${path}`, async (route) => {
    const answered = await route.fetch();
    const { 'content-encoding': _, 'content-length': __, ...headers } = answered.headers();
    const told = await answered.json();
    const body = JSON.stringify({ ...told, [path]: change(told[path]) });
    await route.fulfill({ status: answered.status(), headers, body });
  });
}

/** Acts by script: after a real press half a second of shifts would be forgiven. */
const byScript = (page, selector, act) => page.locator(selector).first().evaluate(act);

for (const dir of ['ltr', 'rtl']) {
  test(`nothing moves while a bank is chosen: ${dir}`, () =>
    onPage(`dir=${dir}`, async (page) => {
      assert.equal(await page.evaluate(() => document.documentElement.dir), dir);
      assert.deepEqual(await shifts(page), [], 'loaded');
      await page.locator('h1').click(); // a touched page, on which something may start
      await byScript(page, BUTTON, (button) => button.click());
      await page.locator(SEARCH).waitFor();
      assert.deepEqual(await shifts(page), [], 'opened');
      await byScript(page, SEARCH, (field) => {
        field.value = 'zizk';
        field.dispatchEvent(new Event('input', { bubbles: true }));
      });
      await page.locator('bank-connect [part=count]').getByText('Banks found: 1').waitFor();
      assert.deepEqual(await shifts(page), [], 'searched');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.locator('bank-connect [part=picker]').waitFor({ state: 'detached' });
      assert.deepEqual(await shifts(page), [], 'closed');
    }));
}

let lost;
test('a bank has its logo, or its initials where it has none or it does not come', () =>
  onPage(
    '',
    async (page) => {
      await page.locator(BUTTON).click();
      await page.locator(SEARCH).waitFor();
      const marks = await page.locator(`${OPTION} [part=logo]`).evaluateAll(async (all) => {
        const images = all.flatMap((one) => one.querySelector('img') ?? []);
        await Promise.allSettled(images.map((image) => image.decode()));
        return all.map((one) => {
          const { content, visibility, display } = getComputedStyle(one, '::before');
          return {
            name: one.parentElement.querySelector('bdi').textContent,
            drawn: one.querySelector('img')?.naturalWidth > 0,
            initials: display === 'none' || visibility === 'hidden' ? '' : content,
          };
        });
      });
      const mark = (name) => marks.find((one) => one.name === name);
      assert.deepEqual(mark('Žižkovská banka').initials, '"ŽB"');
      assert.ok(marks.some(({ drawn }) => drawn));
      for (const { name, drawn, initials } of marks) {
        assert.equal(drawn, ['none', 'normal', ''].includes(initials), `${name}: one of both`);
      }
      assert.match(mark(lost).initials, /^"\p{L}{1,2}"$/u, 'its logo did not come');
    },
    (page) =>
      changed(page, 'providers', (all) => {
        const one = all.find(({ logo }) => logo);
        one.logo = '/no-such-logo.svg';
        lost = one.name;
        return all;
      }),
  ));

test('in a short list letters without accents lead to the name that begins with them', () =>
  onPage(
    '',
    async (page) => {
      await page.locator(BUTTON).focus();
      await page.keyboard.press('Enter');
      await page.locator('bank-connect [role=listbox]:focus').waitFor();
      assert.equal(await page.locator(SEARCH).count(), 0);
      const active = page.locator(`${OPTION}[aria-selected=true] bdi`);
      await page.keyboard.type('ri');
      assert.equal(await active.textContent(), 'Říční banka');
      await page.evaluate(() => new Promise((pause) => setTimeout(pause, 800))); // a new word begins
      await page.keyboard.type('z');
      assert.equal(await active.textContent(), 'Živá banka');
    },
    (page) =>
      changed(page, 'providers', (all) => {
        const names = ['Česká banka', 'Řepná banka', 'Říční banka', 'Živá banka'];
        return names.map((name, at) => ({ ...all[at], name }));
      }),
  ));

for (const colorScheme of ['light', 'dark']) {
  test(`the choice is accessible in forced colours: ${colorScheme}`, () =>
    onPage('', async (page, seen) => {
      await page.emulateMedia({ forcedColors: 'active', colorScheme });
      assert.deepEqual(await violations(page, { forced: true }), []);
      await page.locator(BUTTON).click();
      await page.locator(SEARCH).waitFor();
      assert.deepEqual(await violations(page, { forced: true }), []);
      await page.keyboard.type('nothing like it');
      await page.locator('bank-connect .none').waitFor();
      assert.deepEqual(await violations(page, { forced: true }), []);
      assert.deepEqual(complaints(seen), []);
    }));
}

for (const [lang, words] of [
  ['en', { renew: 'Renew access', ended: 'Access has ended' }],
  ['cs', { renew: 'Obnovit přístup', ended: 'Přístup skončil' }],
]) {
  test(`the button says that it renews an access which has ended: ${lang}`, () =>
    onPage(`lang=${lang}&button-provider=cnb&button-mode=popup`, async (page) => {
      const opened = page.context().waitForEvent('page');
      await page.locator(BUTTON).click();
      await consent(await opened, world.user);
      await page.locator('bank-connections [part=connection]').waitFor();
      await changed(page, 'connections', (all) =>
        all.map((one) => ({ ...one, status: 'reconnect' })),
      );
      await page.reload();
      await page.locator(BUTTON).getByText(words.renew).waitFor();
      await page.locator('bank-connect [part=bank]').getByText(words.ended).waitFor();
      assert.deepEqual(await violations(page), []);
    }));
}

test('with a bank connected the button offers another one, and says which is', () =>
  onPage('button-mode=popup', async (page) => {
    await page.locator(BUTTON).click();
    await page.locator(SEARCH).fill('Česká zkušební banka');
    const opened = page.context().waitForEvent('page');
    await page.keyboard.press('Enter');
    await consent(await opened, world.user);
    await page.locator('bank-connections [part=connection]').waitFor();
    await page.reload();
    await page.locator(BUTTON).getByText('Connect another bank').waitFor();
    await page.locator('bank-connect [part=bank]').getByText('Connected: Česká').waitFor();
    await page.locator(BUTTON).click();
    await page.locator(SEARCH).waitFor();
  }));
