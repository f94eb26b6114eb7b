// WebKitGTK over WebDriver: the same walk. It refuses Secure cookies on http://localhost, so the
// demo gives it the development cookie. Needs a display; run.mjs starts it under xvfb-run.

import { after, before, test } from 'node:test';
import { launchWebKit } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { cancelled, walk, walkInPopup } from './lib/walk.mjs';
import { adapter } from './lib/webkit.mjs';

let world;
let webkit;
before(async () => {
  world = await startDemo('--cookie', 'development');
  webkit = await launchWebKit();
});
after(async () => {
  await webkit?.close();
  await world?.stop();
});

test('WebKit: connect, accounts, payments, chart, disconnect (B01 B07)', () =>
  walk(adapter(webkit.driver), world));

test('WebKit: connect in a popup, which closes itself (B12)', () =>
  walkInPopup(adapter(webkit.driver), world));

test('WebKit: cancel at the bank is told calmly', () => cancelled(adapter(webkit.driver), world));
