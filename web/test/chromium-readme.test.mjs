// Chromium: every code block of the package's README, taken out of the README itself: scripts are checked by the
// strict compiler, pages are built and opened, and what a block promises is done by a person.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { launchChromium } from './lib/browsers.mjs';
import { sign } from './lib/pay.mjs';
import { BY_PAGE, connected, part } from './lib/pay-element.mjs';
import { consent } from './lib/person.mjs';
import { withPolicy } from './lib/policy.mjs';
import { block, comeBackTo, html, page, pathOf, startReadme } from './lib/readme-site.mjs';
import { complaints, reports, watched } from './lib/watch.mjs';

const TSC = resolve(dirname(fileURLToPath(import.meta.url)), '../node_modules/.bin/tsc');
const BUTTON = 'bank-connect [part=button]';
/** The call with which a popup's return is finished. */
const LANDED = /\/bank\/authorizations\/callback$/;
/** The block of the page that the bank comes back to, where another page has begun. */
const CALLBACK = 'Scopes and the callback page (js)';

/** Blocks that make a whole page, and its server: chromium-readme-page.test.mjs. The last one says types alone. */
const ELSEWHERE = [
  'A whole page (html)',
  'A whole page (js)',
  'A whole page (sh)',
  'recipe: With a server of your own (js)',
  'recipe: With a server of your own (sh)',
  'Types (ts)',
];

/** What a person does with each block; a name ends with the language. */
const WALKS = {
  'bankconnect (html)': (one) => opened(one, {}, ({ at }) => connects(at)),

  'Your own button (js)': (one) =>
    opened(one, {}, async ({ at, said }) => {
      await at.locator('button').click();
      await consent(at, world.user);
      await ran(at);
      assert.ok(said.length > 0);
      for (const line of said) assert.match(line, /^\d+\.\d+ [A-Z]{3} (CRDT|DBIT)$/);
    }),

  'Scopes and the callback page (js)': (one) => opened(one, {}, ({ at }) => ran(at)),

  'Payments (js)': (one) =>
    opened(one, { storageState: person }, async ({ at, said }) => {
      await ran(at);
      await at.locator('button').click();
      await sign(at, world.user);
      await ran(at);
      assert.match(said.join(), /^(accepted|settled)$/);
    }),

  '<bank-connections> (html)': (one) =>
    opened(one, { storageState: person }, ({ at }) =>
      at.locator('bank-connections [part=connection]').nth(1).waitFor(),
    ),

  '<bank-pay> (html)': (one) =>
    opened(one, { storageState: person }, ({ at }) =>
      at.locator('bank-pay #from:enabled').waitFor(),
    ),

  '<bank-pay> (js)': (one) => {
    const body = block(world, '<bank-pay> (html)').code;
    return opened(one, { storageState: person, body }, async ({ at, said }) => {
      await at.locator('bank-pay #from:enabled').waitFor();
      await part(at, 'fact').getByText('19-2000145399/0800').waitFor();
      await part(at, 'check').click();
      await part(at, 'pay').click();
      await sign(at, world.user);
      await part(at, 'next').waitFor();
      assert.match(said.join(), /^(accepted|settled) \S+$/);
    });
  },

  'All elements (js)': (one) =>
    opened(one, { body: inLanguage('de') }, ({ at }) =>
      at.locator(BUTTON).getByText('Bank verbinden').waitFor(),
    ),

  'All elements (css)': async ({ code }) => {
    writeFileSync(join(world.folder, 'room.css'), code);
    const names = ['bank-connect', 'bank-connections', 'bank-pay'];
    const body = names.map((name) => `<${name}></${name}>`).join('');
    await served(html(body, '<link rel="stylesheet" href="/room.css">'), {}, async ({ at }) => {
      for (const name of names) {
        const { height } = await at.locator(name).boundingBox();
        assert.ok(height > 100, `${name} keeps ${height} px`);
      }
    });
  },

  'recipe: Sizes (css)': async ({ code }) => {
    writeFileSync(join(world.folder, 'sizes.css'), code);
    const body = '<bank-connect></bank-connect><bank-pay></bank-pay>';
    const head =
      '<link rel="stylesheet" href="/sizes.css"><script type="module" src="/bankconnect/pay-element.js"></script>';
    await served(html(body, head), {}, async ({ at }) => {
      await at.locator('bank-pay [part=step]').waitFor();
      const { width } = await at.locator('bank-pay').boundingBox();
      assert.equal(width, 48 * 16);
    });
  },

  'recipe: A plain script tag (html)': ({ code }) =>
    served(html(code), {}, async ({ at }) => {
      const [asked] = await Promise.all([at.waitForResponse(/core\.wasm$/), at.reload()]);
      assert.equal(asked.headers()['content-type'], 'application/wasm');
      await connects(at);
    }),

  'recipe: React 19 (tsx)': (one) =>
    opened(one, {}, async ({ at, said }) => {
      await connects(at);
      assert.match(said.join(), /^\S{8,}$/, 'onConnected was called');
    }),

  'recipe: Next (ts)': async ({ line }) => {
    const outfile = join(world.place, 'proxy.cjs');
    const entryPoints = [join(world.place, `README.md-${line}.ts`)];
    await build({ entryPoints, outfile, bundle: true, platform: 'node', logLevel: 'error' });
    const { proxy } = (await import(pathToFileURL(outfile))).default;
    const { NextRequest } = (await import(join(world.place, 'node_modules/next/server.js')))
      .default;
    process.env.BROKER = world.broker;
    const passed = (path) =>
      proxy(new NextRequest(`https://app.example${path}`)).headers.get('x-middleware-rewrite');
    assert.equal(passed('/bank/providers?a=1'), `${world.broker}/bank/providers?a=1`);
    assert.equal(passed('/banking'), null);
  },

  'recipe: Vue (js)': ({ code }) => assert.match(code, /^\/\/ vite\.config\.js\n/, 'see the next'),

  'recipe: Vue (vue)': (one) => {
    const files = { 'vite.config.js': block(world, 'recipe: Vue (js)').code };
    return opened(one, { files, policy: allowing('vue') }, bound);
  },

  'recipe: Svelte 5 (svelte)': (one) => {
    const plugins = world.builder.plugins.svelte;
    return opened(one, { settings: { plugins }, policy: allowing('svelte-trusted-html') }, bound);
  },

  'recipe: A popup (js)': (one) =>
    opened(one, { callback: CALLBACK }, async ({ at, popup }) => {
      await ran(at);
      const bank = await popup(() => at.locator('button').click());
      const closed = bank.waitForEvent('close');
      const [answer] = await Promise.all([at.waitForResponse(LANDED), consent(bank, world.user)]);
      assert.equal(answer.ok(), true);
      await closed;
      assert.equal(new URL(at.url()).pathname, pathOf(one));
    }),

  'recipe: Your own button, and what went wrong (js)': (one) =>
    opened(one, { callback: CALLBACK, allowed: ['status of 403', 'ERR_FAILED'] }, async (it) => {
      const { at, context, popup } = it;
      await ran(at);
      const bank = await popup(() => at.locator('button').click());
      const closed = bank.waitForEvent('close');
      await Promise.all([at.waitForResponse(LANDED), bank.locator('#cancel').click()]);
      await closed;
      await context.route('**/bank/**', (route) => route.abort());
      await at.locator('button').click();
      await at.locator('output').getByText('Please try later.').waitFor();
      const said = await at.locator('output').textContent();
      assert.equal(said, 'Please try later.', 'nothing was said of the first: it was their wish');
    }),

  'recipe: A language of your own (js)': (one) =>
    opened(one, { body: inLanguage('sk') }, async ({ at }) => {
      await at.locator(BUTTON).getByText('Pripojiť banku').waitFor();
      await at
        .locator('bank-connect [part=bank]')
        .getByText(/^Banka: /)
        .waitFor();
    }),

  'recipe: Renew before the deadline (js)': async (one) => {
    await opened(one, { storageState: person }, async ({ at }) => {
      await ran(at);
      assert.equal(await at.locator('aside bank-connect').count(), 0, 'nothing ends soon');
    });
    await world.withdraw();
    const page = await browser.newPage({ storageState: person });
    await page.goto(`${world.app}/pay-element.html`);
    await page.locator('#ready', { hasText: 'ready' }).waitFor();
    const code = await page.evaluate(async () => {
      const all = await window.app.client.connections();
      const reader = all.find(({ scopes }) => scopes.includes('aisp'));
      return reader
        .accounts()
        .all()
        .catch((error) => error.code);
    });
    assert.equal(code, 'reconnect');
    await page.context().close();
    await opened(one, { storageState: person }, ({ at }) =>
      at.locator('aside bank-connect [part=button]').getByText('Renew access').waitFor(),
    );
  },

  'Content Security Policy (text)': ({ code }) => {
    const plain = block(world, 'recipe: A plain script tag (html)').code;
    const policy = () => `${code}; require-trusted-types-for 'script'`;
    return served(html(plain), { policy }, ({ at }) => connects(at));
  },
};

let world;
let browser;
/** The memory of a browser that is connected, to read and to pay. */
let person;
before(async () => {
  [world, browser] = await Promise.all([startReadme(), launchChromium()]);
  await world.turn({ sign_scenarios: BY_PAGE });
  person = await connected(browser, world);
});
after(async () => {
  await browser?.close();
  await world?.stop();
});

test('the strict compiler accepts every script of the README with the packed types', () => {
  const { status, stdout } = spawnSync(TSC, ['-p', world.place], { encoding: 'utf8' });
  assert.equal(stdout, '');
  assert.equal(status, 0);
});

test('every block of the README has its walk', () => {
  const names = world.all.map(({ name }) => name).sort();
  assert.deepEqual(names, [...Object.keys(WALKS), ...ELSEWHERE].sort());
});

for (const [name, walk] of Object.entries(WALKS)) {
  test(`README: ${name}`, () => walk(block(world, name)));
}

/** A person connects by the one element of a page, which is the callback page, too. */
async function connects(at) {
  await at.locator('bank-connect [part=bank]').getByText('Bank:').waitFor();
  await at.locator(BUTTON).click();
  await consent(at, world.user);
  await at.locator('bank-connect [part=status]').getByText('Connected').waitFor();
}

/** The element has the client of the framework, and tells it what is connected. */
async function bound({ at, said }) {
  assert.equal(await at.locator('bank-connect').evaluate(({ client }) => client.state), 'idle');
  await connects(at);
  assert.match(said.join(), /^\S{8,}$/, 'the listener was called');
}

/** What writes a policy anew with one of Trusted Types. */
function allowing(name) {
  return (strict) => {
    assert.match(strict, /trusted-types 'none'/);
    return strict.replace("trusted-types 'none'", `trusted-types ${name}`);
  };
}

/** An element that speaks a language. */
function inLanguage(tag) {
  return `<bank-connect lang="${tag}" provider="cnb" scopes="aisp"></bank-connect>`;
}

/** Waits until the block has run to its end. */
const ran = (at) => at.locator('body[data-ran]').waitFor({ state: 'attached' });

/** Builds the page of a block, opens it and works on it. `callback`: the block of the page to come back to. */
async function opened(one, { callback, body, settings, files, ...options }, work) {
  const path = await page(world, one, { body, settings, files });
  const back = callback && block(world, callback);
  comeBackTo(world, back ? await page(world, back) : path);
  await visited(path, options, work);
}

/** Opens a page that nobody builds, and works on it. */
async function served(text, options, work) {
  for (const name of ['as-it-is.html', 'callback.html'])
    writeFileSync(join(world.folder, name), text);
  await visited('/as-it-is.html', options, work);
}

/** Opens a page, works on it, and asks whether anybody has complained. */
async function visited(path, { storageState, policy, allowed }, work) {
  const { context, seen } = await watched(browser, world, { storageState });
  const said = [];
  context.on('console', (message) => message.type() === 'log' && said.push(message.text()));
  const at = await context.newPage();
  const urls = [world.app + path, `${world.app}/callback*`];
  if (policy) await withPolicy(at, urls, policy);
  const popup = async (press) => (await Promise.all([at.waitForEvent('popup'), press()]))[0];
  await at.goto(world.app + path);
  await work({ at, context, popup, said });
  assert.deepEqual(complaints(seen, allowed), []);
  assert.deepEqual(await reports(at), []);
  await context.close();
}
