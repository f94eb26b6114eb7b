// WebKitGTK without the store of a tab, and without cookies of third parties. Needs a display; run.mjs
// starts it under xvfb-run.

import { after, before, test } from 'node:test';
import { connectWithoutStorage } from './lib/acts.mjs';
import { launchWebKit } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { walkInPopup } from './lib/walk.mjs';
import { adapter } from './lib/webkit.mjs';

// MiniBrowser has no switch for it; this is what Safari does where all cookies are blocked
const BLOCK = `void Object.defineProperty(window, 'sessionStorage', {
  get() { throw new DOMException('The operation is insecure.', 'SecurityError'); },
})`;

let world;
let webkit;
before(async () => {
  world = await startDemo('--cookie', 'development');
  webkit = await launchWebKit('--cookies-policy=no-third-party');
});
after(async () => {
  await webkit?.close();
  await world?.stop();
});

test('WebKit without the store of a tab: the page says what to do', () =>
  connectWithoutStorage(adapter(webkit.driver), world, BLOCK));

test('WebKit without cookies of third parties connects as ever, in a popup', () =>
  walkInPopup(adapter(webkit.driver), world));
