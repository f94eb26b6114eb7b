// The chapter "From licence to first user" of the README, walked line by line in one bash, as a stranger pastes it.
// Only the ports, the folder and the build are others; the person at the bank is Chromium's.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launchChromium } from './lib/browsers.mjs';
import { PROGRAMS } from './lib/demo.mjs';
import { consent } from './lib/person.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const PATIENCE = 60_000;

let folder;
let terminal;
let browser;
let ports;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'first-user-'));
  ports = new Map();
  for (const documented of ['4200', '4201', '4202', '4300'])
    ports.set(documented, await freePort());
  terminal = new Terminal();
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await terminal?.close();
  await rm(folder, { recursive: true, force: true });
});

test('a stranger comes from a certificate to the first user, and renews the secret', async () => {
  const blocks = await chapter();
  assert.equal(blocks.length, 8, 'every block is walked');
  const [programs, certificate, layout, bank, registration, wellness, app, later] = blocks;
  await terminal.run(programs);
  assert.match(await terminal.run(certificate), /PSDCZ-CNB-12345678/);
  await terminal.run(layout);
  await terminal.run(bank);
  const registered = await terminal.run(registration);
  const secret = join(folder, 'first-user/broker/cnb.secret');
  assert.equal((await stat(secret)).mode & 0o777, 0o600);
  const first = await readFile(secret, 'utf8');
  assert.ok(!registered.includes(first.trim()), 'the secret is not shown');
  assert.match(await terminal.run(wellness), /ok/);
  await terminal.run(app);
  await Promise.all([reachable(ports.get('4300')), reachable(ports.get('4200'))]);
  const page = await (await browser.newContext()).newPage();
  assert.ok((await connect(page)) > 0, 'the page lists the accounts');
  await terminal.run(later);
  assert.notEqual(await readFile(secret, 'utf8'), first);
  const other = await (await browser.newContext()).newPage();
  assert.ok((await connect(other)) > 0, 'the next user connects with the new secret');
});

/** Presses the button, walks the bank's pages, and counts the accounts on the page. */
async function connect(page) {
  await page.goto(`http://localhost:${ports.get('4200')}`);
  await page.locator('bank-connect [part=button]').click();
  await consent(page, await customer());
  await page.locator('#accounts li').first().waitFor();
  return page.locator('#accounts li').count();
}

/** The first of those that the bank names at its start. */
async function customer() {
  const log = await readFile(join(folder, 'first-user/bank.log'), 'utf8');
  const [, username, password] = /^customer +(\S+) \/ (\S+)/m.exec(log);
  return { username, password };
}

/** The `sh` blocks of the chapter, with our ports, folder and programs. */
async function chapter() {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const [, from] = readme.split('## From licence to first user\n');
  const [text] = from.split('\n## ');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block);
  const built = 'cargo build --package broker --package bank-sim && ./just package\n';
  assert.ok(blocks[0].startsWith(built));
  blocks[0] = blocks[0].replace(built, `cd '${ROOT}'\n`);
  return blocks.map(ours);
}

function ours(block) {
  let text = block
    .replaceAll('../first-user ', `'${folder}/first-user' `)
    .replaceAll('cd ../first-user', `cd '${folder}/first-user'`)
    .replace('$PWD/target/debug', PROGRAMS)
    .replace(
      'bank-sim --out',
      `bank-sim --front 127.0.0.1:${ports.get('4201')} --tls 127.0.0.1:${ports.get('4202')} --out`,
    )
    .replace(
      'bankconnect init broker',
      `bankconnect init broker --listen 127.0.0.1:${ports.get('4300')}`,
    )
    .replace('serve.mjs"', `serve.mjs" ${ports.get('4200')} http://127.0.0.1:${ports.get('4300')}`);
  for (const [documented, port] of ports) text = text.replaceAll(`:${documented}`, `:${port}`);
  return text;
}

/** One bash that is told block after block, and stops the test at the first that fails. */
class Terminal {
  #bash = spawn('bash', ['--norc'], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  said = '';

  constructor() {
    for (const stream of [this.#bash.stdout, this.#bash.stderr]) {
      stream.on('data', (text) => {
        this.said += text;
      });
    }
  }

  /** What it said; throws where a line failed. */
  async run(block) {
    this.said = '';
    this.#bash.stdin.write(`set -e\n${block}\nset +e; echo "done: $?"\n`);
    const gone = new Promise((_, no) => {
      this.#bash.once('exit', (code) =>
        no(new Error(`exit code ${code}:\n${block}\n${this.said}`)),
      );
    });
    gone.catch(() => {});
    const begun = Date.now();
    while (!/^done: 0$/m.test(this.said)) {
      if (Date.now() - begun > PATIENCE) throw new Error(`never done:\n${block}\n${this.said}`);
      await Promise.race([gone, new Promise((again) => setTimeout(again, 50))]);
    }
    return this.said;
  }

  /** Ends it with all that runs in its background. */
  async close() {
    try {
      process.kill(-this.#bash.pid, 'SIGKILL');
    } catch {
      // it has ended by itself, and its jobs with it
    }
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Waits until somebody listens there. */
async function reachable(port) {
  const begun = Date.now();
  for (;;) {
    const open = await new Promise((answer) => {
      const socket = createConnection({ port, host: '127.0.0.1' });
      socket.once('connect', () => answer(true));
      socket.once('error', () => answer(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    if (Date.now() - begun > PATIENCE) {
      throw new Error(`nobody listens on port ${port}:\n${terminal.said}`);
    }
    await new Promise((again) => setTimeout(again, 50));
  }
}
