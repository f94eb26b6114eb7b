// Chromium: the whole page in the README of the package, as it stands: served by the demo as its commands say, and
// by Vite, which passes /bank on as its settings say.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as listener } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { violations } from './lib/axe.mjs';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { frameworks } from './lib/packed.mjs';
import { PKG } from './lib/pages.mjs';
import { consent } from './lib/person.mjs';
import { blocks } from './lib/readme.mjs';
import { complaints, reports, watched } from './lib/watch.mjs';

const all = blocks();
const SERVER = 'recipe: With a server of your own';

let browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

/** The code of a block. */
function code(name) {
  const found = all.filter((one) => one.name === name);
  assert.equal(found.length, 1, name);
  return found[0].code;
}

test('a page pasted from the README lists accounts, balances and transactions', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bankconnect-readme-'));
  for (const name of ['index.html', 'callback.html']) {
    writeFileSync(join(folder, name), code('A whole page (html)'));
  }
  writeFileSync(join(folder, 'app.js'), code('A whole page (js)'));
  const [copy, demo] = code('A whole page (sh)').split('\n');
  assert.match(copy, /^cp -r crates\/browser\/pkg my-page\/bankconnect /);
  cpSync(PKG, join(folder, 'bankconnect'), { recursive: true });
  assert.equal(demo, './just demo --page my-page');
  const world = await startDemo('--page', folder);
  const { context, seen } = await watched(browser, world);
  const page = await context.newPage();
  await page.goto(world.app);
  await page.locator('bank-connect [part=button]').click();
  await consent(page, world.user);
  await listed(page);
  assert.match(page.url(), /\/callback/);
  // a client that is set while the element finishes a return does not leave it waiting
  const button = page.locator('bank-connect [part=button]');
  await button.getByText('Connect once more').waitFor();
  assert.equal(await button.getAttribute('aria-disabled'), 'false');
  assert.deepEqual(await violations(page), []);
  await page.goto(world.app); // what was connected before
  await listed(page);
  assert.deepEqual(complaints(seen), []);
  assert.deepEqual(await reports(page), []);
  await context.close();
  await world.stop();
  rmSync(folder, { recursive: true });
});

test('a server of its own passes on what is the broker’s', async () => {
  const port = await free();
  const own = `http://localhost:${port}`;
  const command = './just demo --origin http://localhost:5173';
  assert.equal(code(`${SERVER} (sh)`), command);
  const world = await startDemo('--origin', own);
  const place = frameworks('readme-page');
  const root = join(place, 'app');
  mkdirSync(root);
  writeFileSync(join(root, 'index.html'), code('A whole page (html)'));
  const script = code('A whole page (js)').replace(
    "from '/bankconnect/index.js';\nimport '/bankconnect/element.js'",
    "from 'bankconnect';\nimport 'bankconnect/element'",
  );
  assert.ok(!script.includes('/bankconnect/'));
  writeFileSync(join(root, 'app.js'), script);
  const settings = code(`${SERVER} (js)`).replace('http://127.0.0.1:4200', world.broker);
  writeFileSync(join(root, 'vite.config.js'), settings);
  const { createServer } = await import(pathToFileURL(join(place, 'build.mjs')));
  const server = await createServer({ root, server: { port, strictPort: true } });
  await server.listen();
  const { context, seen } = await watched(browser, { ...world, app: own });
  const page = await context.newPage();
  await page.goto(own);
  await page.locator('bank-connect [part=bank]').getByText('Bank:').waitFor();
  await page.locator('bank-connect [part=button]').click();
  await consent(page, world.user);
  await listed(page);
  assert.equal(page.url(), `${own}/callback`);
  assert.deepEqual(complaints(seen), []);
  await context.close();
  await server.close();
  await world.stop();
});

/** A port that nobody has. */
function free() {
  return new Promise((found) => {
    const server = listener().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

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
