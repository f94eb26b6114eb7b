// Chromium: the whole page in the README of the package, as it stands, served by the demo.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { PKG } from './lib/pages.mjs';
import { consent } from './lib/person.mjs';
import { complaints, reports, watched } from './lib/watch.mjs';

let folder;
let world;
let browser;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bankconnect-readme-'));
  const [page, code] = wholePage(readFileSync(join(PKG, 'README.md'), 'utf8'));
  for (const name of ['index.html', 'callback.html']) writeFileSync(join(folder, name), page);
  writeFileSync(join(folder, 'app.js'), code);
  cpSync(PKG, join(folder, 'bankconnect'), { recursive: true });
  world = await startDemo('--page', folder);
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await world?.stop();
  rmSync(folder, { recursive: true });
});

/** The first two blocks of the chapter. */
function wholePage(readme) {
  const [, chapter] = readme.split('\n### A whole page\n');
  const blocks = [...chapter.matchAll(/```(html|js)\n(.*?)```/gs)].slice(0, 2);
  assert.deepEqual(
    blocks.map(([, language]) => language),
    ['html', 'js'],
  );
  return blocks.map(([, , text]) => text);
}

test('a page pasted from the README lists accounts, balances and transactions', async () => {
  const { context, seen } = await watched(browser, world);
  const page = await context.newPage();
  await page.goto(world.app);
  await page.locator('bank-connect [part=button]').click();
  await consent(page, world.user);
  await listed(page);
  assert.match(page.url(), /\/callback/);
  assert.deepEqual(await violations(page), []);
  await page.goto(world.app); // what was connected before
  await listed(page);
  assert.deepEqual(complaints(seen), []);
  assert.deepEqual(await reports(page), []);
  await context.close();
});

/** An account with a balance and a transaction that has a day, a name and an amount. */
async function listed(page) {
  await page.locator('#accounts h2').nth(1).waitFor();
  const lines = page.locator('#accounts p');
  await lines
    .getByText(/^[A-Z]{4}: −?\d+(\.\d+)? [A-Z]{3}$/)
    .first()
    .waitFor();
  await lines
    .getByText(/^\d{4}-\d\d-\d\d \p{L}.* −?\d+(\.\d+)? [A-Z]{3}$/u)
    .first()
    .waitFor();
}
