// Firefox ESR with what people switch off: the store of a tab, all site data, data of third parties.

import { after, before, test } from 'node:test';
import { connectWithoutStorage } from './lib/acts.mjs';
import { launchFirefox } from './lib/browsers.mjs';
import { startDemo } from './lib/demo.mjs';
import { driver } from './lib/firefox.mjs';
import { walkInPopup } from './lib/walk.mjs';

/** `network.cookie.cookieBehavior`, which governs all data of sites. */
const NONE_OF_OTHERS = 1;
const NONE = 2;

let world;
before(async () => {
  world = await startDemo('--cookie', 'production');
});
after(() => world?.stop());

/** A page of a Firefox with these preferences. */
async function onPage(preferences, work) {
  const browser = await launchFirefox(preferences);
  try {
    await work(driver(await browser.newPage()));
  } finally {
    await browser.close();
  }
}

test('Firefox without the store of a tab: the page says what to do', () =>
  onPage({ 'dom.storage.enabled': false }, (page) => connectWithoutStorage(page, world)));

test('Firefox that keeps no data of any site: the page says what to do', () =>
  onPage({ 'network.cookie.cookieBehavior': NONE }, (page) => connectWithoutStorage(page, world)));

test('Firefox that keeps no data of third parties connects as ever, in a popup', () =>
  onPage({ 'network.cookie.cookieBehavior': NONE_OF_OTHERS }, (page) => walkInPopup(page, world)));
