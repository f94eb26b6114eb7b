// Chromium: the packed package behind four bundlers as they come. Each build is opened under the
// strict policy and has to show the element ready, wherever the component ended up.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { launchChromium } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { frameworks } from './lib/packed.mjs';
import { complaints, reports, watched } from './lib/watch.mjs';

/** These leave `core.wasm` where it is; the package then takes its copy, after one failed request. */
const LEAVE_FILES = ['Rollup', 'esbuild', 'esbuild as a classic script'];

const { builds } = await import(pathToFileURL(join(frameworks('bundlers'), 'build.mjs')));

let folder;
let world;
let browser;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bankconnect-bundlers-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Bundlers</title>');
  [world, browser] = await Promise.all([startDemo('--page', folder), launchChromium()]);
});
after(async () => {
  await browser?.close();
  await world?.stop();
  rmSync(folder, { recursive: true, force: true });
});

for (const [bundler, build] of Object.entries(builds)) {
  test(`${bundler} finds the component without a setting`, async () => {
    const { wasm, seen } = await opened(bundler, build, 'plain');
    const missing = LEAVE_FILES.includes(bundler);
    const allowed = missing ? ['status of 404'] : [];
    assert.deepEqual(complaints(seen, allowed), []);
    const classic = bundler.endsWith('script'); // which does not know its own address
    assert.equal(wasm.length, classic ? 0 : 1);
    if (!missing) assert.match(wasm[0], /\.wasm$/);
  });

  test(`${bundler} with the component in the script`, async () => {
    const { wasm, seen } = await opened(bundler, build, 'inline');
    assert.deepEqual(complaints(seen), []);
    assert.deepEqual(wasm, [], 'no file was asked for');
  });
}

/** Builds a page, waits for its element to name the bank, and answers what was asked for. */
async function opened(bundler, build, name) {
  const place = `${name}-${bundler.replaceAll(' ', '-')}`;
  await build(name, join(folder, place));
  const { context, seen } = await watched(browser, world);
  const page = await context.newPage();
  await page.goto(`${world.app}/${place}/`);
  await page.locator('bank-connect [part=bank]').getByText('Bank:').waitFor();
  assert.equal((await page.evaluate(() => window.asked)).length, 2);
  assert.deepEqual(await reports(page), []);
  await context.close();
  return { seen, wasm: seen.requests.map(({ url }) => url).filter((url) => url.includes('.wasm')) };
}
