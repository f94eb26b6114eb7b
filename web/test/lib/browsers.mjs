// The three engines, from Debian's packages, and which package to install when one is missing.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const FIREFOX = '/usr/bin/firefox-esr';
const WEBKIT_DRIVER = '/usr/bin/WebKitWebDriver';
const MINI_BROWSER = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/webkit2gtk-4.1/MiniBrowser`;

/** Programs that the tests drive, and the Debian package of each. */
const PROGRAMS = [
  [CHROMIUM, 'chromium'],
  [FIREFOX, 'firefox-esr'],
  [WEBKIT_DRIVER, 'webkit2gtk-driver'],
  [MINI_BROWSER, 'webkit2gtk-driver'],
  ['/usr/bin/xvfb-run', 'xvfb'],
  ['/usr/bin/setpriv', 'util-linux'],
];

/** One line for each program that is missing; empty when all are there. */
export function missingBrowsers() {
  return PROGRAMS.filter(([path]) => !existsSync(path)).map(
    ([path, name]) => `${path} is missing: apt-get install ${name}`,
  );
}

/** `back`: with the back/forward cache, which playwright turns off. */
export function launchChromium({ back = false } = {}) {
  const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking'];
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-component-update',
    '--disable-sync',
    ...quiet,
  ];
  const ignoreDefaultArgs = back ? ['--disable-back-forward-cache'] : [];
  return chromium.launch({ executablePath: CHROMIUM, args, ignoreDefaultArgs });
}

/** `preferences` as on `about:config`. */
export async function launchFirefox(preferences = {}) {
  const { default: puppeteer } = await import('puppeteer-core');
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    headless: true,
    extraPrefsFirefox: preferences,
  });
}

/** Needs a display: run it under `xvfb-run`. `args` are options of MiniBrowser. */
export async function launchWebKit(...args) {
  const { Builder, Capabilities } = await import('selenium-webdriver');
  const { url, stop } = await webKitDriver();
  const capabilities = new Capabilities();
  capabilities.set('browserName', 'MiniBrowser');
  capabilities.set('webkitgtk:browserOptions', {
    binary: MINI_BROWSER,
    args: ['--automation', ...args],
  });
  const driver = await new Builder()
    .usingServer(url)
    .withCapabilities(capabilities)
    .forBrowser('MiniBrowser')
    .build();
  return { driver, close: () => driver.quit().finally(stop) };
}

/** Starts the WebDriver server on a free port and waits until it answers. */
async function webKitDriver() {
  const { spawn } = await import('node:child_process');
  const port = await freePort();
  const env = { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' };
  // ends with this process, even when it is killed; its browser ends with it
  const command = ['--pdeathsig', 'KILL', WEBKIT_DRIVER, `--port=${port}`];
  const child = spawn('setpriv', command, { stdio: 'ignore', env });
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`WebKitWebDriver ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/status`).catch(() => undefined);
    if (answer?.ok) return { url, stop: () => child.kill('SIGKILL') };
    await new Promise((again) => setTimeout(again, 50));
  }
}

async function freePort() {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
