// The built package without a browser: importing it on a server, and what its public interface takes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { PKG } from './lib/pages.mjs';

const declared = (file) => readFileSync(join(PKG, file), 'utf8');
const imported = (file) => import(pathToFileURL(join(PKG, file)));

test('importing on a server touches no page, and what needs one says so with a code', async () => {
  assert.equal(globalThis.window, undefined);
  const { BankConnect, BankConnectError } = await imported('index.js');
  await imported('element.js');
  const client = new BankConnect({ wasm: readFileSync(join(PKG, 'core.wasm')) });
  await assert.rejects(client.providers(), (error) => {
    assert.ok(BankConnectError.is(error));
    return error.code === 'unsupported';
  });
});

test('B05 nothing public takes or gives a state or a verifier', async () => {
  assert.deepEqual(Object.keys(await imported('index.js')).sort(), [
    'BankConnect',
    'BankConnectError',
    'BankConnection',
    'Reading',
  ]);
  const parameters = declared('parameters.d.ts');
  assert.deepEqual(fields(parameters, 'BankConnectOptions'), [
    'attemptTtlMs',
    'brokerUrl',
    'navigate',
    'storage',
    'timeoutMs',
    'wasm',
  ]);
  assert.deepEqual(fields(parameters, 'ConnectParams'), ['appState', 'mode', 'provider', 'scopes']);
  assert.deepEqual(fields(parameters, 'PreparedParams'), ['certificate', 'provider', 'token']);
  assert.deepEqual(fields(parameters, 'ConnectResult'), ['appState', 'connection', 'rest']);
  assert.deepEqual(methods(declared('client.d.ts')), [
    'connect',
    'connectPrepared',
    'connection',
    'connections',
    'disconnect',
    'handlePayment',
    'handleRedirect',
    'isCallback',
    'preload',
    'providers',
  ]);
  assert.deepEqual(methods(declared('element.d.ts')), ['connect']);
});

test('a bundle that needs the error class only holds no component and no element', async () => {
  const contents = `import { BankConnectError } from 'bankconnect';
    import { BankConnect } from 'bankconnect';
    console.log(BankConnectError);`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: PKG },
    alias: { bankconnect: join(PKG, 'index.js') },
    bundle: true,
    format: 'esm',
    write: false,
  });
  const [{ text }] = outputFiles;
  assert.match(text, /bankconnect\.error/);
  for (const part of ['core.wasm', 'embedded', 'bank-connect', '/bank', 'attachShadow'])
    assert.ok(!text.includes(part), part);
  assert.ok(text.length < 2_500, `${text.length} characters`);
});

test('the component comes in a script as it comes in a file', async () => {
  const { BankConnect } = await imported('index.js');
  assert.equal(BankConnect.defaults.wasm, undefined);
  const inline = await imported('inline.js');
  assert.equal(inline.BankConnect, BankConnect, 'one client, not two');
  assert.deepEqual(Buffer.from(BankConnect.defaults.wasm), readFileSync(join(PKG, 'core.wasm')));
});

/** Names of an interface's fields, sorted. */
function fields(text, name) {
  const body = new RegExp(`interface ${name}\\b[^{]*\\{([\\s\\S]*?)\\n\\}`).exec(text)[1];
  return [...body.matchAll(/^ {4}(?:readonly )?(\w+)\??:/gm)].map(([, field]) => field).sort();
}

/** Names of the methods that a page calls, sorted. */
function methods(text) {
  const called = /^ {4}(\w+)(?:<[^>]*>)?\([^)]*\): (?:Promise|boolean)/gm;
  return [...text.matchAll(called)].map(([, method]) => method).sort();
}
