// Starts the demo process (bank, broker, page) on free ports, one per test file, and ends it. It also ends by
// itself when this process is gone, even by a signal that nobody can catch.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const WEB = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const TARGET = process.env.CARGO_TARGET_DIR ?? '../target';

/** Where cargo leaves the programs. */
export const PROGRAMS = resolve(WEB, TARGET, 'debug');
/** The demo, by DEMO_BIN or there. */
export const DEMO = resolve(WEB, process.env.DEMO_BIN ?? join(PROGRAMS, 'demo'));
export const PAGE = join(WEB, 'dist');

/** What is missing before any test can run; empty when all is there. */
export function missing() {
  const found = [];
  const built = [DEMO, join(PROGRAMS, 'bankconnect'), join(PROGRAMS, 'bank-sim')];
  for (const program of built.filter((program) => !existsSync(program))) {
    found.push(`${program}: build it with \`cargo build\``);
  }
  if (!existsSync(join(PAGE, 'index.html'))) found.push(`${PAGE}: build it with \`npm run build\``);
  return found;
}

/**
 * Starts a demo. `arguments_` may hold `--cookie production`, `--coop`, another `--page`, or the
 * `--origin` of an app that another server serves and that passes /bank on to `broker`.
 * The answer has the addresses, one customer, and doors to what the bank sees.
 */
export async function startDemo(...arguments_) {
  const lacking = missing();
  if (lacking.length > 0) throw new Error(`not built: ${lacking.join('; ')}`);
  const page = arguments_.includes('--page') ? [] : ['--page', PAGE];
  const options = ['--port', '0', '--bank-port', '0', '--json', '--end-with-stdin'];
  // nothing is ever written to its standard input: the kernel closes it when this process ends
  const child = spawn(DEMO, [...options, ...page, ...arguments_], { stdio: 'pipe' });
  const complaints = [];
  child.stderr.on('data', (text) => complaints.push(String(text)));
  const line = await firstLine(child, complaints);
  const { app_url: app, broker_url: broker, bank_url: bank, ...rest } = JSON.parse(line);
  const { control_url: control, phone_url: phone, user, users } = rest;
  const ask = async (path, method = 'GET', body = undefined) => {
    const headers = body ? { 'content-type': 'application/json' } : {};
    const answer = await fetch(control + path, { method, headers, body });
    if (!answer.ok) {
      const why = `${answer.status}: ${await answer.text()}`;
      throw new Error(`${path} of the demo's control port answered ${why}`);
    }
    return method === 'GET' ? answer.json() : undefined;
  };
  return {
    app: app.replace(/\/$/, ''),
    bank: bank.replace(/\/$/, ''),
    broker,
    /** The page that shows what customers get by SMS. */
    phone,
    user,
    users,
    tokens: () => ask('/tokens'),
    requests: () => ask('/requests'),
    violations: () => ask('/violations'),
    withdraw: () => ask('/withdraw', 'POST'),
    /** The code on the customer's phone, if one is waited for. */
    sms: async () => (await ask('/sms'))[user.username],
    /** Turns knobs of the bank: positions, or rules (crates/bank-sim/docs/knobs.md). */
    turn: (knobs) => ask('/knobs', 'PATCH', JSON.stringify(knobs)),
    stop: () => stop(child),
  };
}

async function firstLine(child, complaints) {
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolveLine, reject) => {
    lines.once('line', resolveLine);
    child.once('exit', (code) => {
      reject(new Error(`the demo ended with ${code} before it was ready: ${complaints.join('')}`));
    });
  });
}

async function stop(child) {
  if (child.exitCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await gone;
}
