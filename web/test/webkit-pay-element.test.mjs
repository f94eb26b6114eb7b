// WebKitGTK: payments by <bank-pay>: by the bank's page, by a code, one that was left, and in a popup. Needs a
// display; run.mjs starts it under xvfb-run.

import { after, before, test } from 'node:test';
import { launchWebKit } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { servePages } from './lib/pages.mjs';
import { payByCode, payByPage, payElementInPopup, payLater } from './lib/pay-element-acts.mjs';
import { adapter } from './lib/webkit.mjs';

let pages;
let world;
let webkit;
before(async () => {
  pages = await servePages('pay-element.html');
  [world, webkit] = await Promise.all([
    startDemo('--cookie', 'development', '--page', pages.folder),
    launchWebKit(),
  ]);
});
after(async () => {
  await webkit?.close();
  await world?.stop();
  pages?.remove();
});

/** A test in the one window that a session of WebKit has. */
function inWebKit(name, act) {
  test(`WebKit: ${name}`, () => act(adapter(webkit.driver), world));
}

inWebKit('form, review, signature on the page of the bank, receipt', payByPage);
inWebKit('a payment signed by a code, of which the first is wrong', payByCode);
inWebKit('a payment whose tab was closed is found again and signed', payLater);
inWebKit('a payment signed in a popup', payElementInPopup);
