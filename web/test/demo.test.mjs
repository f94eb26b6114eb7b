// The demo process of a test file does not outlive it, even when the file is killed and can clean up nothing.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const LIBRARY = pathToFileURL(join(dirname(fileURLToPath(import.meta.url)), 'lib/demo.mjs'));

/** A test file in short: starts a demo, tells its address, and waits for ever. */
const FILE = `
  import { startDemo } from '${LIBRARY}';
  console.log((await startDemo()).app);
  setInterval(() => {}, 60_000);
`;

for (const signal of ['SIGKILL', 'SIGTERM']) {
  test(`the demo ends with a test file that ends by ${signal}`, async () => {
    const file = spawn(process.execPath, ['--input-type=module', '--eval', FILE], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [app] = await once(createInterface({ input: file.stdout }), 'line');
    assert.equal((await fetch(app)).status, 200);
    file.kill(signal);
    assert.deepEqual(await once(file, 'exit'), [null, signal]);
    while (await answers(app)); // for ever, if it outlives the file
  });
}

/** Whether somebody answers there. */
function answers(address) {
  return fetch(address).then(
    () => true,
    () => false,
  );
}
