// Chromium: <bank-connect> in Vue and Svelte: attributes, properties and listeners bound as these
// write them, built from the packed package.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { frameworks } from './lib/packed.mjs';
import { consent } from './lib/person.mjs';
import { withPolicy } from './lib/policy.mjs';
import { complaints, reports, watched } from './lib/watch.mjs';

/** The policies by which these frameworks write their own templates under Trusted Types. */
const POLICIES = { vue: 'vue', svelte: 'svelte-trusted-html' };

/** Where the bank sends the popup back to: a page of no framework. */
const CALLBACK = `<!doctype html><html lang="en"><title>Back</title><link rel="icon" href="data:,">
  <script type="module" src="/bankconnect/element.js"></script>
  <bank-connect auto-callback></bank-connect></html>`;

const fixtures = frameworks('frameworks');
const { framework } = await import(pathToFileURL(join(fixtures, 'build.mjs')));

let folder;
let world;
let browser;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bankconnect-frameworks-'));
  for (const file of ['index.html', 'callback.html']) writeFileSync(join(folder, file), CALLBACK);
  cpSync(join(fixtures, 'node_modules/bankconnect'), join(folder, 'bankconnect'), {
    recursive: true,
  });
  [world, browser] = await Promise.all([startDemo('--page', folder), launchChromium()]);
});
after(async () => {
  await browser?.close();
  await world?.stop();
  rmSync(folder, { recursive: true, force: true });
});

for (const [name, policy] of Object.entries(POLICIES)) {
  test(`${name}: attributes, properties and listeners are bound`, async () => {
    await framework(name, join(folder, name));
    const { context, seen } = await watched(browser, world);
    const page = await context.newPage();
    await withPolicy(page, [`${world.app}/${name}/`], (strict) => {
      assert.match(strict, /trusted-types 'none'/);
      return strict.replace("trusted-types 'none'", `trusted-types ${policy}`);
    });
    await page.goto(`${world.app}/${name}/`);
    const element = page.locator('bank-connect');
    await element.locator('[part=button]').waitFor();
    const shared = await element.evaluate((it) => ({
      client: it.client === window.app.client,
      appState: JSON.stringify(it.appState) === JSON.stringify(window.app.cart),
      attributes: ['client', 'appstate', 'app-state'].filter((wrong) => it.hasAttribute(wrong)),
      provider: it.getAttribute('provider'),
      slotted: it.shadowRoot.querySelector('[part=label]').hidden,
    }));
    assert.deepEqual(shared, {
      client: true,
      appState: true,
      attributes: [],
      provider: 'other',
      slotted: true,
    });
    assert.equal(await element.locator('[part=bank]').textContent(), '', 'no such bank here');

    await page.locator('select').selectOption('cnb'); // the framework changes the attribute
    await element.locator('[part=bank]').getByText('Bank:').waitFor();
    const opened = context.waitForEvent('page');
    await element.locator('[part=button]').click();
    await consent(await opened, world.user);
    await element.locator('[part=status]').getByText('Connected').waitFor();
    const told = JSON.parse(await page.locator('output').textContent());
    assert.deepEqual(told, [
      { type: 'bankconnect:connecting' },
      { type: 'bankconnect:connected', appState: { cart: 7 } },
    ]);
    assert.deepEqual(complaints(seen), []);
    assert.deepEqual(await reports(page), []);
    await context.close();
  });
}
